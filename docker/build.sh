#!/usr/bin/env bash
# Builds the image from this source tree:
#   docker/build.sh [--local-base] [TAG]      TAG: flotilla/flotilla:latest by default
#   docker/build.sh --stage-only DIR          what goes into it, of the build that is there, without Docker; and its hash
# From eclipse-temurin:25-jre, or BASE_IMAGE; with --local-base from a base that is made here, out of Debian's
# packages and the JDK that runs Maven, without any registry (needs root and debootstrap; kept for the next time).
# What is the same in two builds, and what is not: docker/README.md.
set -euo pipefail
readonly CALLED_IN=$PWD
cd "$(dirname "$0")/.."
readonly TARGET=docker/target
readonly STAGE=$TARGET/stage
readonly DIST=node/target/dist/lib
readonly LOCAL_BASE=flotilla/java
# What is one platform's alone in a jar.
readonly LIBRARY='\.(so|a|dll|dylib|jnilib)$'

fail() {
  printf 'error: %s\n  because %s\n  do      %s\n' "$1" "$2" "$3" >&2
  exit 1
}

main() {
  local base="${BASE_IMAGE:-}" tag=flotilla/flotilla:latest flags=()
  if [[ "${1:-}" == --stage-only ]]; then
    local folder=${2:-}
    [[ -n $folder ]] || fail "cannot stage the image" "no folder is named" "docker/build.sh --stage-only DIR"
    [[ $folder == /* ]] || folder=$CALLED_IN/$folder
    [[ ! -e $folder ]] || fail "cannot stage the image in $folder" "that is there already" "name a folder that is not"
    compgen -G "$DIST/flotilla-node-*.jar" >/dev/null ||
      fail "cannot stage the image" "there is no build in $DIST" "mvn package -DskipTests"
    stage "$folder"
    digest "$folder"
    return
  fi
  if [[ "${1:-}" == --local-base ]]; then
    shift
    local_base
    base=$LOCAL_BASE
  fi
  [[ $# -eq 0 ]] || tag=$1
  docker info >/dev/null 2>&1 ||
    fail "cannot build the image" "there is no Docker daemon to be reached" "start Docker, or allow this user to use it"
  ./flotilla version >/dev/null
  stage "$STAGE"
  # BuildKit is a plugin, which not every Docker has; one that is not Docker's own must be told to keep the image.
  if [[ -z "${DOCKER_BUILDKIT:-}" ]]; then
    if docker buildx version >/dev/null 2>&1; then flags+=(--load); else export DOCKER_BUILDKIT=0; fi
  fi
  SOURCE_DATE_EPOCH=$(date --date="$(committed)" +%s) docker build --quiet --tag "$tag" ${flags[@]+"${flags[@]}"} \
    ${base:+--build-arg BASE_IMAGE="$base"} \
    --build-arg VERSION="$(version)" --build-arg REVISION="$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" \
    "$STAGE" >/dev/null
  docker image inspect --format '{{.Size}}' "$tag" |
    awk -v tag="$tag" '{printf "%s: %.0f MB\n", tag, $1 / 1e6}'
}

version() {
  sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -n 1
}

# When what is built was committed: the time of all files.
committed() {
  git log -1 --format=%cI 2>/dev/null || echo 2026-01-01T00:00:00Z
}

# What goes into the image: equal sources and JDKs give equal files, names, rights and times.
stage() {
  local stage=$1 app=$1/flotilla at
  rm -rf "$stage"
  mkdir -p "$app/lib"
  cp "$DIST"/*.jar "$app/lib"
  rm -f "$app"/lib/*-tests.jar
  only_this_platform "$app"/lib/*.jar
  cp node/src/main/resources/io/flotilla/cli/node.jvm "$app/lib"
  cp flotilla LICENSE docker/entrypoint docker/health docker/node.yaml "$app"
  cp docker/Dockerfile "$stage"
  at=$(committed)
  # Whatever umask this user and git had.
  chmod -R u=rwX,go=rX "$stage"
  find "$stage" -exec touch --date="$at" {} +
}

# One number for all of it.
digest() {
  tar -C "$1" --sort=name --owner=0 --group=0 --numeric-owner -c . | sha256sum | cut -d ' ' -f 1
}

# Jars bring their libraries for up to eighteen platforms, 100 MB more than what one of them needs: this one, with glibc.
only_this_platform() {
  local jar ours
  case $(uname -m) in
    aarch64) ours='linux-aarch64\.so$|linux_aarch_64\.so$|epoll_aarch_64\.so$|(^|/)linux/aarch64/' ;;
    *) ours='linux64\.so$|linux_x86_64\.so$|epoll_x86_64\.so$|(^|/)linux/amd64/' ;;
  esac
  for jar in "$@"; do
    # Not -q: it would end unzip, and the pipe with it, at the first.
    if unzip -Z1 "$jar" | grep -E "$LIBRARY" >/dev/null; then lighten "$jar" "$ours"; fi
  done
}

# lighten JAR PATTERN: of its libraries only those that match stay. Written again with the names in order and one time.
lighten() {
  local jar work
  jar=$(readlink -f "$1")
  work=$(mktemp -d)
  (
    cd "$work"
    unzip -q "$jar"
    find . -type f | sed 's:^\./::' | grep -E "$LIBRARY" | { grep -vE "$2" || true; } | xargs -r rm
    find . -type f | grep -E "$LIBRARY" >/dev/null ||
      fail "cannot build the image" "${jar##*/} lacks libraries for $(uname -m)" "build it on x86-64 or aarch64"
    # The manifest as it is, and first, where Java looks for it.
    {
      echo META-INF/MANIFEST.MF
      find . -type f ! -path ./META-INF/MANIFEST.MF | sed 's:^\./::' | LC_ALL=C sort
    } >"$work.files"
    rm "$jar"
    "${JAVA_HOME:+$JAVA_HOME/bin/}jar" --create --no-manifest --file "$jar" --date 2026-01-01T00:00:00Z "@$work.files"
  )
  rm -rf "$work" "$work.files"
}

# Where packages come from: as named, or else as this machine's own do; debootstrap has a default.
mirror() {
  if [[ -n "${DEBIAN_MIRROR:-}" ]]; then
    echo "$DEBIAN_MIRROR"
  elif [[ -r /etc/apt/sources.list.d/debian.sources ]]; then
    sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources | head -n 1
  elif [[ -r /etc/apt/sources.list ]]; then
    sed -n 's/^deb  *\(\[[^]]*\]  *\)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list | head -n 1
  fi
}

local_base() {
  if docker image inspect "$LOCAL_BASE" >/dev/null 2>&1; then return; fi
  local root=$TARGET/root java=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
  command -v debootstrap >/dev/null ||
    fail "cannot make a base image" "there is no debootstrap" "install it, or build without --local-base"
  echo "making a base image out of Debian and $("$java/bin/java" --version | head -n 1) ..." >&2
  rm -rf "$root"
  mkdir -p "$TARGET"
  # shellcheck disable=SC2046 # no mirror, no argument
  debootstrap --variant=minbase bookworm "$root" $(mirror) >"$TARGET/debootstrap.log" 2>&1 ||
    fail "cannot make a base image" "debootstrap failed; what it said is in $TARGET/debootstrap.log" \
      "mend that, or name another mirror in DEBIAN_MIRROR"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
  "$java/bin/jlink" --output "$root/opt/java" --generate-cds-archive --strip-debug --no-header-files --no-man-pages --compress 2 \
    --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.unsupported,jdk.zipfs
  tar -C "$root" -c . |
    docker import --change 'ENV JAVA_HOME=/opt/java' --change 'ENV PATH=/opt/java/bin:/usr/local/bin:/usr/bin:/bin' \
      - "$LOCAL_BASE" >/dev/null
  rm -rf "$root"
}

main "$@"
