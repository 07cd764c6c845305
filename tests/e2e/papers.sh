#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Documents between a centre and its hub, whatever happens on the way; the hub on a small disk of its
# own. Who has no right to mount gets it in a namespace, as in full.sh.
if [ -z "${SND_SMALL_DISK:-}" ] && ! unshare -m true 2>/dev/null; then
    SND_SMALL_DISK=$(mktemp -d "${TMPDIR:-/tmp}/sanad-disk.XXXXXX") && export SND_SMALL_DISK || exit 1
    unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o size=32m,mode=711 none "$SND_SMALL_DISK" &&
        exec unshare --user --map-user="$1" --map-group="$2" sh "$0"' "$0" "$(id -u)" "$(id -g)"
    status=$?
    rmdir "$SND_SMALL_DISK"
    exit $status
fi
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
skip_when_sanitized
two_users
small=${SND_SMALL_DISK:-$work/small}
hub=$small/hub
if [ -z "${SND_SMALL_DISK:-}" ]; then
    mkdir "$small" && mount -t tmpfs -o size=32m,mode=711 none "$small" || exit 1
fi
papers_end() {
    status=$?
    office_stop
    hub_stop
    [ -n "${SND_SMALL_DISK:-}" ] || umount -l "$small"
    (exit $status)
    at_end
}
trap papers_end EXIT

two_make >&2 && two_join || exit 1
scribe_make || exit 1
hub_stop
sed -i 's/^hub_proxy *=.*/hub_proxy = 127.0.0.1/' "$hub/sanad.conf"
hub_start && office_start || exit 1
papers_put small 3000 middle 200000 large 3000000 cut 400000 lost 400000 wrong 400000 twin 3000000 away 100000 other 300000 \
    full 4000000 || exit 1
CENTRE_PID=$server_pid python3 "$SND_SRCDIR/tests/e2e/papers.py" "$sanad" "$hub" "$office" "$line_port" "$hub_port" "$work" |
    grep --line-buffered -v '^1\.\.' | tee "$work/points"
point=$(grep -c '^\(not \)\{0,1\}ok ' "$work/points") bad_points=$(grep -c '^not ok' "$work/points")
office_stop
hub_stop
ends 30 "$work/numbers" "$office" "$hub"
done_testing
