# SPDX-License-Identifier: Apache-2.0
# A form at screens of one's own, the office behind a line: remote.sh SANAD WEAKLINK PORT KEY FOLDER RTT RATE
# prints what remote.py found. PORT is the office's, KEY the clerk's; RTT 0 is no line at all.
set -eu
sanad=$1 weaklink=$2 port=$3 key=$4 folder=$5/remote-$6 rtt=$6 rate=$7 line=
mkdir -p "$folder/cache" "$folder/kept"
finish() {
    trap - EXIT
    [ -z "$line" ] || kill "$line" 2>/dev/null || true
}
trap finish EXIT
trap 'exit 129' HUP INT TERM
at=$port control=-
if [ "$rtt" -gt 0 ]; then
    at=$((22260 + rtt / 100)) control=$folder/control
    "$weaklink" --listen "$at" --to "$port" --delay $((rtt / 2)) --rate "$rate" --handshake --control "$control" >"$folder/line" &
    line=$!
    tries=100 # the line is there when its control socket is
    until [ -S "$control" ] || [ $tries = 0 ]; do
        tries=$((tries - 1))
        sleep 0.05
    done
fi
cat >"$folder/ssh.conf" <<X
Host *
    IdentityFile $key
    IdentitiesOnly yes
    StrictHostKeyChecking no
    UserKnownHostsFile $folder/known_hosts
    HostKeyAlias office
    LogLevel ERROR
X
XDG_CACHE_HOME=$folder/cache XDG_STATE_HOME=$folder/kept TERM=xterm-256color python3 "${0%.sh}.py" 0.2 "$control" \
    "$sanad" desk --to "clerk@127.0.0.1:$at" --ssh-config "$folder/ssh.conf"
