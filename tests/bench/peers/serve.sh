#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The peers that tools/bench runs beside Sanad, on loopback:
#   serve.sh start DIR PORT   sshd + ncurses form on PORT (user sanad-peer, key DIR/userkey; as root)
#                             and wish on PORT+1 (user and password test); builds them first
#   serve.sh stop DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd) what=$1 dir=$2
user=sanad-peer
export FORM_DB=$dir/db/forms.db

build() {
    cc -O2 -D_GNU_SOURCE -D_XOPEN_SOURCE_EXTENDED=1 -o "$dir/form" "$here/openssh-ncurses/form.c" -lformw -lmenuw -lncursesw -lsqlite3
    cp "$here/wish/main.go" "$dir/main.go"
    (cd "$dir" && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$dir/gocache" CGO_ENABLED=1 go build -tags libsqlite3 -o wish main.go)
}

sshd_config() {
    cat <<C
ListenAddress 127.0.0.1:$1
HostKey $dir/hostkey
PidFile $dir/sshd.pid
AuthorizedKeysFile $dir/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
AllowUsers $user
MaxStartups 2000
LoginGraceTime 300
PrintMotd no
PrintLastLog no
SetEnv LANG=C.UTF-8 FORM_DB=$FORM_DB
ForceCommand $dir/form
C
}

case $what in
start)
    port=$3
    mkdir -p "$dir/db" /run/sshd
    chmod 755 "$dir"
    chmod 1777 "$dir/db"
    id "$user" >/dev/null 2>&1 || useradd -M -d / -s /bin/sh -p '*' "$user"
    build
    for key in hostkey userkey; do
        [ -f "$dir/$key" ] || ssh-keygen -q -t ed25519 -N '' -f "$dir/$key"
    done
    cp "$dir/userkey.pub" "$dir/authorized"
    chmod 644 "$dir/authorized"
    sqlite3 "$FORM_DB" <"$here/schema.sql" >/dev/null
    chmod 666 "$dir"/db/*
    sshd_config "$port" >"$dir/sshd.conf"
    setsid /usr/sbin/sshd -D -f "$dir/sshd.conf" -E "$dir/sshd.log" &
    echo $! >"$dir/openssh.pid"
    setsid "$dir/wish" "$((port + 1))" "$dir/hostkey" >"$dir/wish.log" 2>&1 &
    echo $! >"$dir/wish.pid"
    ;;
stop)
    for pid in "$dir/openssh.pid" "$dir/wish.pid"; do
        [ -f "$pid" ] && kill "$(cat "$pid")" 2>/dev/null || true
        rm -f "$pid"
    done
    ;;
esac
