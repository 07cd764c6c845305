# SPDX-License-Identifier: Apache-2.0
# A hub behind a reverse proxy, and everything that may go wrong between it and its centre.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
skip_when_sanitized

two_make >&2 && two_join || exit 1
mkdir "$work/forged"
"$SND_BUILDDIR/tests/forge/write" "$work/forged" "$hub/hub/ca.crt" "$hub/hub/ca.key" >"$work/kinds" || exit 1
hub_stop
sed -i 's/^hub_proxy *=.*/hub_proxy = 127.0.0.1/' "$hub/sanad.conf"
hub_start && office_start || exit 1
HUB_PID=$hub_pid CENTRE_PID=$server_pid python3 "$SND_SRCDIR/tests/e2e/faulty.py" "$sanad" "$hub" "$office" "$line_port" "$hub_port" "$work" "${SND_STEP:-60}" |
    grep --line-buffered -v '^1\.\.' | tee "$work/points"
point=$(grep -c '^\(not \)\{0,1\}ok ' "$work/points") bad_points=$(grep -c '^not ok' "$work/points")
ok "each request that was acknowledged is at the hub once" numbers_equal
ok "both books verify" both_clean
ends "1 2 3 4 5 6 7 8 9 10 12 26" "$work/numbers" "$office" "$hub"
done_testing
