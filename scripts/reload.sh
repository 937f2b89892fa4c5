#!/bin/sh
# Checks a configuration, lets the running server read it again, and writes one line about it for the audit:
#   time=2026-11-30T09:00:00Z actor=ada what=prometheus file=/etc/prometheus/prometheus.yml sha256=… sha256_all=… result=reloaded
#
#   reload.sh prometheus|alertmanager|collector --config FILE (--pid N | --unit NAME | --compose SERVICE) [--url URL] [--log FILE]
#
#   --config FILE      what the server reads
#   --pid, --unit, --compose    which server: a process, a systemd unit, a service of the Compose project in this folder
#   --url URL          of Prometheus or Alertmanager: its answer decides whether the reload succeeded, within ten seconds
#   --log FILE         the line is added there (default /var/log/benchlab/reloads.log), and printed
#
# sha256 is of FILE, sha256_all of FILE and of all .yml, .yaml and .tmpl files below its folder (rules, templates). Secrets are not
# among them. result: reloaded, refused (the check failed: the server was not asked), failed (the server did not take it).
# Exit code 0 only for reloaded; 2 where the command line is wrong. PROMTOOL, AMTOOL and OTELCOL name the programs that check.
set -eu

usage() { echo "reload.sh: $1 See --help." >&2; exit 2; }

case ${1-} in
  prometheus | alertmanager | collector) what=$1; shift ;;
  -h | --help) sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) usage "\"${1-}\" is not one of prometheus, alertmanager, collector." ;;
esac
config='' target='' name='' url='' log=/var/log/benchlab/reloads.log
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage "$1 needs a value, or is not understood."
  case $1 in
    --config) config=$2 ;;
    --pid | --unit | --compose) [ -z "$target" ] || usage 'Name one server.'; target=$1 name=$2 ;;
    --url) url=${2%/} ;;
    --log) log=$2 ;;
    *) usage "$1 is not understood." ;;
  esac
  shift 2
done
[ -n "$config" ] || usage '--config is missing.'
[ -f "$config" ] || usage "there is no file $config."
[ -n "$target" ] || usage 'Name the server with --pid, --unit or --compose.'
[ "$target" != --pid ] || case $name in '' | *[!0-9]*) usage "--pid \"$name\" is not a number." ;; esac

# Who: the person behind sudo, where there is one.
actor=${SUDO_USER:-$(id -un)}
folder=$(dirname "$config")
sum=$(sha256sum <"$config" | cut -d' ' -f1)
sum_all=$(cd "$folder" && find . -type d -name secrets -prune -o -type f \( -name '*.yml' -o -name '*.yaml' -o -name '*.tmpl' \) -print \
  | LC_ALL=C sort | while IFS= read -r each; do sha256sum "$each"; done | sha256sum | cut -d' ' -f1)

finish() {
  line="time=$(date -u +%Y-%m-%dT%H:%M:%SZ) actor=$actor what=$what file=$config sha256=$sum sha256_all=$sum_all result=$1"
  # A reload that is not in the log did not happen as far as an audit knows: then the exit code states it.
  echo "$line"
  if ! mkdir -p "$(dirname "$log")" || ! echo "$line" >>"$log"; then
    echo "reload.sh: $log cannot be written." >&2
    exit 1
  fi
  [ "$1" = reloaded ] || exit 1
  exit 0
}

check() {
  case $what in
    prometheus) "${PROMTOOL:-promtool}" check config "$config" ;;
    alertmanager) "${AMTOOL:-amtool}" check-config "$config" ;;
    collector) "${OTELCOL:-benchlab-otelcol}" validate "--config=file:$config" ;;
  esac
}

hangup() {
  case $target in
    --pid) kill -HUP "$name" ;;
    --unit) systemctl kill --signal=HUP --kill-whom=main "$name" ;;
    --compose) docker compose kill --signal HUP "$name" ;;
  esac
}

# The time of the last good reload, by the server's own page. Empty where the last one failed.
loaded_at() {
  curl --silent --show-error --max-time 5 "$url/metrics" | awk -v prefix="$what" '
    $1 == prefix "_config_last_reload_successful" { good = $2 }
    $1 == prefix "_config_last_reload_success_timestamp_seconds" { time = $2 }
    END { if (good == 1) print time }'
}

check >/dev/null || finish refused
before=''
if [ -n "$url" ]; then before=$(loaded_at); sleep 1.1; fi
hangup || finish failed
if [ -z "$url" ]; then
  # Without its page, what can be known is that it is still there.
  sleep 1
  [ "$target" != --pid ] || kill -0 "$name" 2>/dev/null || finish failed
  finish reloaded
fi
tries=0
while [ $tries -lt 40 ]; do
  after=$(loaded_at)
  if [ -n "$after" ] && [ "$after" != "$before" ]; then finish reloaded; fi
  sleep 0.25
  tries=$((tries + 1))
done
finish failed
