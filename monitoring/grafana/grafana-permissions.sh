#!/bin/sh
# Sets which people see and change the folders of dashboards in Grafana: files of provisioning cannot. Run it after the first start of
# Grafana, and again after a change here: what is already so is left alone.
#
#   grafana-permissions.sh --url URL (--token-file FILE | --user NAME --password-file FILE) [--dry-run]
#                          [--viewer UIDS] [--editor UIDS] [--admin UIDS]
#
#   --url URL              of Grafana: https://grafana.example
#   --token-file FILE      the token of a service account of the role Admin
#   --user, --password-file    an administrator instead
#   --dry-run              states what it would change, and changes nothing
#   --viewer UIDS          folders that all people see (default: benchlab-bench,benchlab-runtime,benchlab-services,benchlab-sidepanel)
#   --editor UIDS          folders that all people see, and editors change (default: benchlab-saved)
#   --admin UIDS           folders that administrators alone see (default: benchlab-telemetry)
#
# Administrators see and change every folder. Permissions of single people and of teams are removed: roles alone decide.
# One line for each folder: `unchanged`, `would change` or `changed`. Exit code 0 when all folders are as stated (or would be),
# 1 where Grafana refused or does not answer, 2 where the command line is wrong. Needs curl and jq.
# API: Grafana's documentation, "Folder Permissions API". It was tested against a server written from that, not against Grafana.
set -eu

usage() { echo "grafana-permissions.sh: $1 See --help." >&2; exit 2; }
failed() { echo "grafana-permissions.sh: $1" >&2; exit 1; }

url='' token_file='' user='' password_file='' dry_run=false
viewer=benchlab-bench,benchlab-runtime,benchlab-services,benchlab-sidepanel
editor=benchlab-saved
admin=benchlab-telemetry
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --dry-run) dry_run=true; shift; continue ;;
  esac
  [ $# -ge 2 ] || usage "$1 needs a value, or is not understood."
  case $1 in
    --url) url=${2%/} ;;
    --token-file) token_file=$2 ;;
    --user) user=$2 ;;
    --password-file) password_file=$2 ;;
    --viewer) viewer=$2 ;;
    --editor) editor=$2 ;;
    --admin) admin=$2 ;;
    *) usage "$1 is not understood." ;;
  esac
  shift 2
done
case $url in http://* | https://*) ;; *) usage '--url is missing, or is not an http or https address.' ;; esac
if [ -n "$token_file" ]; then
  [ -z "$user$password_file" ] || usage 'Name a token or a user, not both.'
  secret_file=$token_file
else
  [ -n "$user" ] || usage '--token-file or --user is missing.'
  [ -n "$password_file" ] || usage '--password-file is missing.'
  case $user in *[!A-Za-z0-9@._-]*) usage "--user \"$user\" has a character that no login here has." ;; esac
  secret_file=$password_file
fi
[ -r "$secret_file" ] || usage "$secret_file cannot be read."
[ -s "$secret_file" ] || usage "$secret_file is empty."
for program in curl jq; do
  command -v "$program" > /dev/null || usage "$program is not installed."
done
uids=$(printf '%s,%s,%s' "$viewer" "$editor" "$admin" | tr ',' '\n' | sed '/^$/d')
case $uids in *[!A-Za-z0-9_'
'-]*) usage 'A uid has letters, digits, - and _ only.' ;; esac
twice=$(printf '%s\n' "$uids" | sort | uniq -d | head -n 1)
[ -z "$twice" ] || usage "The folder $twice stands in two lists."

# The secret goes to curl by its standard input: the arguments of a process are seen by every user of the machine.
credentials() {
  secret=$(head -n 1 "$secret_file" | tr -d '\r' | sed 's/[\\"]/\\&/g')
  if [ -n "$token_file" ]; then
    printf 'header = "Authorization: Bearer %s"\n' "$secret"
  else
    printf 'user = "%s:%s"\n' "$user" "$secret"
  fi
}

# METHOD UID [BODY]: prints the answer, and fails with what Grafana states.
ask() {
  answer=$(credentials | curl --config - --silent --show-error --max-time 15 --request "$1" \
    --header 'Accept: application/json' --header 'Content-Type: application/json' ${3+--data "$3"} \
    --write-out '\n%{http_code}' "$url/api/folders/$2/permissions") || failed "Grafana at $url does not answer."
  code=$(printf '%s\n' "$answer" | tail -n 1)
  body=$(printf '%s\n' "$answer" | sed '$d')
  if [ "$code" != 200 ]; then
    message=$(printf '%s' "$body" | jq -r '.message? // empty' 2> /dev/null || true)
    hint=''
    [ "$code" != 404 ] || hint=' The folder is there once Grafana has read its provisioning files.'
    failed "$1 of the permissions of the folder $2: $code ${message:-without a message}.$hint"
  fi
  printf '%s\n' "$body"
}

# UIDS ITEMS: what each of these folders has to have.
set_all() {
  printf '%s\n' "$1" | tr ',' '\n' | sed '/^$/d' | while read -r uid; do
    now=$(ask GET "$uid")
    # What Grafana adds by itself is not ours to set: the permission that administrators have everywhere, and what is inherited.
    held=$(printf '%s' "$now" | jq -cS '[.[] | select((.inherited // false) | not)
      | if (.role // "") != "" then {role, permission} else {person: (.userLogin // .team // "someone"), permission} end
      | select(.role != "Admin")] | sort_by(.role // "", .permission)') ||
      failed "The answer of $url for the folder $uid is not a list of permissions."
    wanted=$(printf '%s' "$2" | jq -cS 'sort_by(.role, .permission)')
    if [ "$held" = "$wanted" ]; then
      echo "unchanged $uid $wanted"
    elif $dry_run; then
      echo "would change $uid from $held to $wanted"
    else
      ask POST "$uid" "{\"items\":$2}" > /dev/null
      echo "changed $uid from $held to $wanted"
    fi
  done
}

# 1 is View, 2 is Edit. A role that a folder does not name does not see it.
set_all "$viewer" '[{"role":"Viewer","permission":1},{"role":"Editor","permission":1}]'
set_all "$editor" '[{"role":"Viewer","permission":1},{"role":"Editor","permission":2}]'
set_all "$admin" '[]'
