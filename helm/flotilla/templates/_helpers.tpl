{{- define "flotilla.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 50 characters: pods and services add to it. */}}
{{- define "flotilla.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "flotilla.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "flotilla.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What never changes: selectors are immutable. */}}
{{- define "flotilla.selector" -}}
app.kubernetes.io/name: {{ include "flotilla.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Of the pod of helm test, which no service may take for a node. */}}
{{- define "flotilla.testLabels" -}}
app.kubernetes.io/name: {{ include "flotilla.name" . }}-test
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "flotilla.labels" -}}
{{ include "flotilla.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "flotilla.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "flotilla.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "flotilla.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* id@host:grpcPort:raftPort of every node, as each of them is told. */}}
{{- define "flotilla.nodes" -}}
{{- $name := include "flotilla.fullname" . -}}
{{- $nodes := list -}}
{{- range $i := until (int .Values.replicas) -}}
{{- $nodes = append $nodes (printf "%d@%s-%d.%s-nodes.%s.svc:9095:9097" (add $i 1) $name $i $name $.Release.Namespace) -}}
{{- end -}}
{{- join "," $nodes -}}
{{- end -}}

{{/* A node's configuration: the user's keys, and those that the chart sets; nothing is set by both. */}}
{{- define "flotilla.config" -}}
{{- $given := list -}}
{{- range $key, $value := .Values.config -}}
{{- $given = append $given $key -}}
{{- if kindIs "map" $value -}}
{{- range $inner, $_ := $value -}}
{{- $given = append $given (printf "%s.%s" $key $inner) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $key := $given -}}
{{- if hasPrefix "http.console" $key -}}
{{- fail (printf "config.%s: set console.enabled, console.actions and console.hosts instead" $key) -}}
{{- end -}}
{{- if regexMatch "^(node|cluster|grpc\\.host|http\\.host|http\\.port)(\\.|$)" $key -}}
{{- fail (printf "config.%s: the chart sets this itself" $key) -}}
{{- end -}}
{{- end -}}
{{- $console := dict "enabled" .Values.console.enabled "actions" .Values.console.actions "hosts" .Values.console.hosts -}}
{{- $http := dict "host" "0.0.0.0" "port" 9096 "console" $console -}}
{{- $own := dict "node" (dict "dir" "/var/lib/flotilla") "grpc" (dict "host" "0.0.0.0") "http" $http -}}
{{- mustMergeOverwrite (deepCopy .Values.config) $own | toYaml -}}
{{- end -}}

{{/* Nodes that may be down at once while a majority stays; a node that is alone may be, too, or its machine is never drained. */}}
{{- define "flotilla.maxUnavailable" -}}
{{- $most := max 1 (div (sub (int .Values.replicas) 1) 2) -}}
{{- if gt (int .Values.disruption.maxUnavailable) (int $most) -}}
{{- fail (printf "disruption.maxUnavailable is %d: of %d nodes at most %d may be down, or there is no majority" (int .Values.disruption.maxUnavailable) (int .Values.replicas) (int $most)) -}}
{{- end -}}
{{- int .Values.disruption.maxUnavailable -}}
{{- end -}}

{{- define "flotilla.podSecurity" -}}
{{- $own := dict "runAsNonRoot" true "runAsUser" 10001 "runAsGroup" 10001 "fsGroup" 10001 "fsGroupChangePolicy" "OnRootMismatch" "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- mustMergeOverwrite $own .Values.pod.securityContext | toYaml -}}
{{- end -}}

{{- define "flotilla.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Of whatever is run from the image. */}}
{{- define "flotilla.container" -}}
image: {{ include "flotilla.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
# The last lines of a container that failed are shown by kubectl describe.
terminationMessagePolicy: FallbackToLogsOnError
securityContext: {{- include "flotilla.containerSecurity" . | nindent 2 }}
{{- end -}}

{{/* node.id is the ordinal of the pod's name plus one: docker/entrypoint. */}}
{{- define "flotilla.env" -}}
- name: FLOTILLA_CLUSTER_NODES
  value: {{ include "flotilla.nodes" . | quote }}
{{- with .Values.rackLabel }}
- name: FLOTILLA_NODE_RACK
  valueFrom:
    fieldRef:
      fieldPath: {{ printf "metadata.labels['%s']" . | quote }}
{{- end }}
{{- with .Values.javaOptions }}
- name: FLOTILLA_JAVA_OPTS
  value: {{ . | quote }}
{{- end }}
{{- with .Values.extra.env }}
{{ toYaml . }}
{{- end }}
{{- end -}}
