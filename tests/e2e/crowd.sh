#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Many centres whose lines come back in the same second, each with a certificate and a book of its own.
# tools/bench sync does it with all of a nation.
. "${SND_SRCDIR:-.}/tests/lib.sh"
. "$SND_SRCDIR/tests/two.sh"
. "$SND_SRCDIR/tests/crowd.sh"
skip_when_sanitized
command -v python3 >/dev/null || skip_all "python3 is missing"

crowd_hub && crowd_make 30 540 30 0 || exit 1
ok "33: thirty centres come back in one second with 540 requests, and everything is in" crowd_go
sed 's/^/# /' "$work/crowd.out"
hub_stop
ends 33 "$work/acked" "$hub"
done_testing
