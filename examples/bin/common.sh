# shellcheck shell=bash
# What the scripts of this folder share; to be sourced. They use what is set here:
# shellcheck disable=SC2034

fail() {
  local code=$1
  shift
  printf '%s\n' "$*" >&2
  exit "$code"
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
state=$root/.telestep
training=$root/examples/fashion-mnist/target
receiver_jar=$root/collector-receiver/target/telestep.jar
agent_jar=$training/agent/opentelemetry-javaagent.jar
training_jar=$training/telestep-example-fashion-mnist.jar

grpc_port=${TELESTEP_GRPC_PORT:-4317}
http_port=${TELESTEP_HTTP_PORT:-4318}

if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
else
  java=java
fi

need_java() {
  local version
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p') || true
  [ -n "$version" ] || fail 1 "JDK 17 or newer is needed, but '$java' does not run: install one, or set JAVA_HOME."
  [ "$version" -ge 17 ] || fail 1 "JDK 17 or newer is needed, but '$java' is version $version: set JAVA_HOME to a newer one."
}

# The extension's jar; empty when it is not built. Its sources and javadoc have jars beside it.
extension_jar() {
  local jar
  for jar in "$root"/otel-extension/agent/target/telestep-agent-extension-*.jar; do
    case $jar in
      *-sources.jar | *-javadoc.jar | *-tests.jar) ;;
      *) [ -f "$jar" ] && printf '%s\n' "$jar" && return ;;
    esac
  done
}

# The command line; small and quick to start, because it is called again and again.
telestep() {
  TELESTEP_URL=${TELESTEP_URL:-http://127.0.0.1:$http_port} \
    "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$receiver_jar" "$@"
}

# Whether something listens on a port of this machine.
listens() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Whether a healthy receiver answers on the HTTP port.
healthy() {
  local line
  (
    exec 3<>"/dev/tcp/127.0.0.1/$http_port" || exit 1
    printf 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
    IFS= read -r -t 5 line <&3 || exit 1
    case $line in *' 200 '*) exit 0 ;; *) exit 1 ;; esac
  ) 2>/dev/null
}
