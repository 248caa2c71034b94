#!/usr/bin/env bash
# Builds the image from this source tree:
#   docker/build.sh [--local-base] [TAG]      TAG: flotilla/flotilla:latest by default
# From eclipse-temurin:25-jre, or BASE_IMAGE; with --local-base from a base that is made here, out of Debian's
# packages and the JDK that runs Maven, without any registry (needs root and debootstrap; kept for the next time).
set -euo pipefail
cd "$(dirname "$0")/.."
readonly TARGET=docker/target
readonly STAGE=$TARGET/stage
readonly LOCAL_BASE=flotilla/java

fail() {
  printf 'error: %s\n  because %s\n  do      %s\n' "$1" "$2" "$3" >&2
  exit 1
}

main() {
  local base="${BASE_IMAGE:-}" tag=flotilla/flotilla:latest
  if [[ "${1:-}" == --local-base ]]; then
    shift
    local_base
    base=$LOCAL_BASE
  fi
  [[ $# -eq 0 ]] || tag=$1
  docker info >/dev/null 2>&1 ||
    fail "cannot build the image" "there is no Docker daemon to be reached" "start Docker, or allow this user to use it"
  ./flotilla version >/dev/null
  stage
  DOCKER_BUILDKIT="${DOCKER_BUILDKIT:-0}" docker build --quiet --tag "$tag" \
    ${base:+--build-arg BASE_IMAGE="$base"} \
    --build-arg VERSION="$(version)" --build-arg REVISION="$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" \
    "$STAGE" >/dev/null
  docker image inspect --format '{{.Size}}' "$tag" |
    awk -v tag="$tag" '{printf "%s: %.0f MB\n", tag, $1 / 1e6}'
}

version() {
  sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -n 1
}

# What goes into the image, with the times of the last commit, so that equal sources give equal files.
stage() {
  local app=$STAGE/flotilla
  rm -rf "$STAGE"
  mkdir -p "$app/lib"
  cp node/target/dist/lib/*.jar "$app/lib"
  rm -f "$app"/lib/*-tests.jar
  only_this_platform "$app"/lib/rocksdbjni-*.jar
  cp node/src/main/resources/io/flotilla/cli/node.jvm "$app/lib"
  cp flotilla LICENSE docker/entrypoint docker/health docker/node.yaml "$app"
  cp docker/Dockerfile "$STAGE"
  local at
  at=$(git log -1 --format=%cI 2>/dev/null || echo 2026-01-01T00:00:00Z)
  find "$STAGE" -exec touch --date="$at" {} +
}

# RocksDB's jar brings the libraries of fifteen platforms, 90 MB; one is needed.
only_this_platform() {
  local jar=$1 work library
  library=librocksdbjni-linux64.so
  [[ $(uname -m) != aarch64 ]] || library=librocksdbjni-linux-aarch64.so
  work=$(mktemp -d)
  (
    cd "$work"
    unzip -q "$OLDPWD/$jar"
    find . -maxdepth 1 -name 'librocksdbjni-*' ! -name "$library" -delete
    [[ -e $library ]] || fail "cannot build the image" "$jar lacks $library" "build it on x86-64 or aarch64"
  )
  rm "$jar"
  "${JAVA_HOME:+$JAVA_HOME/bin/}jar" --create --file "$jar" --date 2026-01-01T00:00:00Z -C "$work" .
  rm -rf "$work"
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
