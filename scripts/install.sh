#!/bin/sh
# Installs benchlab on a bench host, from the archive in which it stands (npm run pack:host makes it). Uses no network.
#
#   sudo ./install.sh                 install, or bring an installation up to date; configuration that exists is kept
#   sudo ./install.sh --dry-run       print what would be done, and change nothing
#   sudo ./install.sh --uninstall     remove the programs, units and rules; keep configuration, data and user
#   sudo ./install.sh --uninstall --purge     remove those too
#   --root DIR    install below DIR, as for an image: nothing is started
#   --no-start    install, and start nothing
#
# It makes: the user benchlab; /opt/benchlab; /etc/benchlab; units in /etc/systemd/system; a rule in /etc/udev/rules.d.
set -eu

root=''
dry=no
start=yes
mode=install
purge=no
while [ $# -gt 0 ]; do
  case $1 in
    --root) [ $# -ge 2 ] || { echo 'install.sh: --root needs a folder.' >&2; exit 2; }; root=${2%/}; start=no; shift ;;
    --dry-run) dry=yes ;;
    --no-start) start=no ;;
    --uninstall) mode=uninstall ;;
    --purge) purge=yes ;;
    -h | --help) sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "install.sh: \"$1\" is not understood. See --help." >&2; exit 2 ;;
  esac
  shift
done

here=$(cd "$(dirname "$0")" && pwd)
opt=$root/opt/benchlab
etc=$root/etc/benchlab
units=$root/etc/systemd/system
rules=$root/etc/udev/rules.d
sysusers=$root/etc/sysusers.d
services='benchlab-agent.service benchlab-otelcol.service benchlab-retention.timer benchlab-cx-export.service'

say() { echo "install.sh: $*"; }
fail() { echo "install.sh: $*" >&2; exit 1; }
# Every change goes through here, so that --dry-run cannot miss one.
act() {
  if [ "$dry" = yes ]; then echo "would run: $*"; else "$@"; fi
}

[ "$purge" = no ] || [ "$mode" = uninstall ] || { echo 'install.sh: --purge goes with --uninstall.' >&2; exit 2; }
[ -z "$root" ] || [ -d "$root" ] || fail "there is no folder $root."
[ "$(id -u)" = 0 ] || [ "$dry" = yes ] || fail 'run as root: sudo ./install.sh (or --dry-run to see what it does).'
if [ "$start" = yes ] && [ ! -d /run/systemd/system ]; then
  say 'systemd does not run here: nothing is started.'
  start=no
fi

# Notes the folders of the system that an installation makes, the innermost first, so that --purge leaves those that were there.
note_folders() {
  for folder in "$sysusers" "$rules" "$root/etc/udev" "$units/multi-user.target.wants" "$units/timers.target.wants" "$units" "$root/etc/systemd" "$root/opt"; do
    [ -d "$folder" ] && continue
    if [ "$dry" = yes ]; then echo "would note in $etc/folders: ${folder#"$root"}"; continue; fi
    mkdir -p "$etc"
    echo "${folder#"$root"}" >>"$etc/folders"
  done
}
# Writes a file when it differs: PATH FROM MODE
put() {
  if [ -f "$1" ] && cmp -s "$2" "$1"; then return; fi
  act install -D -m "$3" "$2" "$1"
}
# Writes a file of configuration when there is none: PATH FROM MODE
keep() {
  if [ -e "$1" ]; then say "$1 is kept."; else act install -D -m "$3" "$2" "$1"; fi
}
remove() {
  if [ -e "$1" ]; then act rm -rf "$1"; fi
}
remove_empty() {
  if [ -d "$1" ] && [ -z "$(ls -A "$1")" ]; then act rmdir "$1"; fi
}

find_node() {
  node=$(command -v node) || fail 'there is no node on PATH. Install Node 20.19 or newer.'
  node=$(readlink -f "$node")
  version=$("$node" --version | sed 's/^v//')
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 19 ]; }; then
    fail "node is $version. Install Node 20.19 or newer."
  fi
  case $node in
    /home/* | /root/*) [ -n "$root" ] || fail "node is $node, which the units cannot see (ProtectHome). Install it for all users." ;;
  esac
}

install_all() {
  [ -d "$here/app" ] || fail "there is no app in $here. Run npm run pack:host, unpack what it writes, and start install.sh there."
  find_node
  note_folders
  put "$sysusers/benchlab.conf" "$here/systemd/benchlab.sysusers" 0644
  act systemd-sysusers --root="${root:-/}" benchlab.conf
  install_programs
  keep "$etc/agent.env" "$here/systemd/agent.env" 0644
  keep "$etc/config.toml" "$here/systemd/config.toml" 0644
  put "$rules/70-benchlab.rules" "$here/systemd/70-benchlab.rules" 0644
  put "$units/benchlab-agent.service" "$here/systemd/benchlab-agent.service" 0644
  put_no_notify
  keep "$etc/sessions.env" "$here/systemd/sessions.env" 0644
  # Which folder CapFrameX watches is a choice: its unit is installed, and enabled by hand.
  for unit in benchlab-retention.service benchlab-retention.timer benchlab-cx-export.service; do
    put "$units/$unit" "$here/systemd/$unit" 0644
  done
  enabled='benchlab-agent.service benchlab-retention.timer'
  if [ -f "$here/bin/benchlab-otelcol" ]; then
    keep "$etc/agent.yaml" "$here/agent.yaml" 0644
    keep "$etc/otelcol.env" "$here/systemd/otelcol.env" 0644
    put "$units/benchlab-otelcol.service" "$here/systemd/benchlab-otelcol.service" 0644
    enabled="$enabled benchlab-otelcol.service"
  else
    say 'the archive has no collector: benchlab-otelcol.service is not installed.'
  fi
  for unit in $enabled; do act systemctl --root="${root:-/}" --quiet enable "$unit"; done
  [ "$start" = yes ] || { say 'installed.'; return; }
  act systemctl daemon-reload
  act udevadm control --reload
  act udevadm trigger --subsystem-match=tty --subsystem-match=video4linux
  for unit in $enabled; do act systemctl restart "$unit"; done
  act systemctl try-restart benchlab-cx-export.service
  say "installed and started: $enabled"
}

# Where libc cannot be called, the agent cannot inform systemd: the unit must not wait for it.
no_notify=$units/benchlab-agent.service.d/50-no-notify.conf
put_no_notify() {
  if (cd "$here/app" && "$node" -e 'require("koffi")') >/dev/null 2>&1; then
    remove "$no_notify"
    remove_empty "${no_notify%/*}"
  else
    say 'libc cannot be called here: benchlab-agent.service does not wait until the agent runs, and has no watchdog.'
    put "$no_notify" "$here/systemd/no-notify.conf" 0644
  fi
}

# The new version is complete before it takes the place of the old one.
install_programs() {
  if [ -f "$opt/VERSION" ] && diff -qr "$here/app" "$opt/app" >/dev/null 2>&1 && same_collector; then
    say "$opt is up to date."
    return
  fi
  act rm -rf "$opt.new"
  act mkdir -p "$opt.new/bin"
  act cp -R "$here/app" "$opt.new/app"
  if [ -f "$here/bin/benchlab-otelcol" ]; then act install -m 0755 "$here/bin/benchlab-otelcol" "$opt.new/bin/"; fi
  act cp "$here/VERSION" "$opt.new/VERSION"
  if [ "$dry" = yes ]; then
    echo "would write: $opt/bin/benchlab-probe, which starts it with $node"
  else
    printf '#!/bin/sh\nexec %s /opt/benchlab/app/node_modules/@benchlab-otel/probe-cli/bin/benchlab-probe.mjs "$@"\n' \
      "$node" >"$opt.new/bin/benchlab-probe"
    chmod 0755 "$opt.new/bin/benchlab-probe"
    chmod -R u=rwX,go=rX "$opt.new"
  fi
  act rm -rf "$opt.old"
  if [ -d "$opt" ]; then act mv "$opt" "$opt.old"; fi
  act mv "$opt.new" "$opt"
  act rm -rf "$opt.old"
}

same_collector() {
  if [ -f "$here/bin/benchlab-otelcol" ]; then cmp -s "$here/bin/benchlab-otelcol" "$opt/bin/benchlab-otelcol"
  else [ ! -f "$opt/bin/benchlab-otelcol" ]; fi
}

uninstall_all() {
  for unit in $services; do
    [ -e "$units/$unit" ] || continue
    if [ "$start" = yes ]; then act systemctl --quiet disable --now "$unit"
    else act systemctl --root="${root:-/}" --quiet disable "$unit"; fi
    remove "$units/$unit"
  done
  remove "$no_notify"
  remove_empty "${no_notify%/*}"
  remove "$units/benchlab-retention.service"
  remove "$rules/70-benchlab.rules"
  remove "$opt"
  if [ "$start" = yes ]; then
    act systemctl daemon-reload
    act udevadm control --reload
  fi
  if [ "$purge" = yes ]; then purge_all; else say "kept: $etc, the data of the collector, the user benchlab. --purge removes them."; fi
}

purge_all() {
  made=$(cat "$etc/folders" 2>/dev/null || true)
  remove "$etc"
  remove "$root/var/lib/private/benchlab-otelcol"
  # A link that systemd makes for a unit with a user of its own.
  if [ -L "$root/var/lib/benchlab-otelcol" ]; then act rm -f "$root/var/lib/benchlab-otelcol"; fi
  remove_empty "$root/var/log/benchlab"
  if [ -d "$root/var/log/benchlab" ]; then say "$root/var/log/benchlab is kept: it holds recorded sessions."; fi
  remove "$sysusers/benchlab.conf"
  if grep -qs '^benchlab:' "$root/etc/passwd"; then act userdel ${root:+--prefix "$root"} benchlab; fi
  # userdel removes the group where it has no other member.
  if grep -qs '^benchlab:' "$root/etc/group"; then act groupdel ${root:+--prefix "$root"} benchlab; fi
  for folder in $made; do remove_empty "$root$folder"; done
}

if [ "$mode" = install ]; then install_all; else uninstall_all; fi
