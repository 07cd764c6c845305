#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A disk that is really full, while a clerk fills in a form: the clerk is told in one sentence, nothing
# typed is lost, what was put by lets the request through, and room that comes back is put by again.
#
# Who has no right to mount gets it in a namespace, and in a further one is who he was: there the
# server doesn't take him for root.
if [ -z "${SND_SMALL_DISK:-}" ] && ! unshare -m true 2>/dev/null; then
    SND_SMALL_DISK=$(mktemp -d "${TMPDIR:-/tmp}/sanad-disk.XXXXXX") && export SND_SMALL_DISK || exit 1
    unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o size=16m,mode=711 none "$SND_SMALL_DISK" &&
        exec unshare --user --map-user="$1" --map-group="$2" sh "$0"' "$0" "$(id -u)" "$(id -g)"
    status=$?
    rmdir "$SND_SMALL_DISK"
    exit $status
fi
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
if [ -n "${SND_SMALL_DISK:-}" ]; then
    office=$SND_SMALL_DISK/office
    mkdir -p "$office"
else
    mkdir -p "$office" && mount -t tmpfs -o size=16m,mode=711 none "$office" || exit 1
    trap 'umount_later' EXIT
fi
umount_later() {
    status=$?
    office_stop
    umount -l "$office"
    (exit $status)
    at_end
}
FULL="The disk is full: call the person who looks after the server."
NEARLY="The server's disk is nearly full: call the person who looks after it."
# What is there stays: in room that comes back for a moment something would be put by again.
fill_up() {
    dd if=/dev/zero of="$office/filler" bs=64k oflag=append conv=notrunc 2>/dev/null
    dd if=/dev/zero of="$office/filler2" bs=1k oflag=append conv=notrunc 2>/dev/null
    true
}
no_room() { [ "$(df --output=avail -k "$office" | tail -n 1)" -le 4 ]; }
ballast_there() { [ "$(stat -c %s "$office/ballast" 2>/dev/null)" = 1048576 ]; }
ballast_gone() { [ ! -e "$office/ballast" ]; }

office_make && office_start || exit 1
ok "room is put by when there is room" within 60 ballast_there
login clerk clerk && at_home clerk ar && begin_request clerk ar MZ-01 && fill_mz01 clerk ar 99070001 || exit 1
fill_up
ok "the disk is full" no_room

# What is put by goes at the first write that fails; the second press goes through.
kept_or_told() { shows_said clerk ar "The request is kept. Its number:" || shows_said clerk ar "$FULL"; }
through() {
    keys clerk F10
    within "$PATIENCE" kept_or_told || note "not told that the disk is full"
    shows_said clerk ar "$FULL" || { expect_said clerk ar "The request is kept. Its number:" && return 0; }
    keys clerk F10
    expect_said clerk ar "The request is kept. Its number:"
}
ok "the request goes through on what was put by" through
number=$(number_on clerk)
ok "the clerk is told that the disk is nearly full" expect_said clerk ar "$NEARLY"

# Now nothing is put by any more. A log that begins anew has room of its own
# on the disk: what fits in there is rightly kept, so requests are made until one finds no room.
another() {
    keys clerk Enter
    expect_said clerk ar "What would you like to do? Press its digit." &&
        begin_request clerk ar MZ-01 && fill_mz01 clerk ar "$1"
}
no_room_at_last() {
    for telephone in $(seq 99070002 99070031); do
        another "$telephone" || return 1
        fill_up
        keys clerk F10
        within "$PATIENCE" kept_or_told || break
        shows_said clerk ar "$FULL" && return 0
        note "kept in the log's own room"
    done
    expect_said clerk ar "$FULL" 1
}
ok "with nothing left the clerk is told in one sentence" no_room_at_last
ok "what was put by was given back" within 60 ballast_gone
rm -f "$office/filler" "$office/filler2"
keys clerk F10
ok "once there is room nothing that was typed is lost" expect_said clerk ar "The request is kept. Its number:"
second=$(number_on clerk)
ok "room is put by again" within 60 ballast_there
ok "the first request is there once" request_kept "$number" 99070001
ok "and the second" request_kept "$second" "$telephone"
office_stop
ok "the book is clean after a full disk" fsck_clean
# Another namespace's disk can't be mounted anew.
if [ -z "${SND_SMALL_DISK:-}" ]; then
    within 60 mount -o remount,ro "$office"
    ok "an office on a read-only disk is refused in one sentence" sh -c "! timeout 20 '$sanad' serve --state '$office' 2>'$work/err' && grep -q 'can.t be written' '$work/err'"
    mount -o remount,rw "$office"
fi
done_testing
