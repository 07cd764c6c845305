#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A centre that joins meets hubs that are wrong in one thing each: it must notice before it sends
# anything.
. "${SND_SRCDIR:-.}/tests/lib.sh"
skip_when_sanitized
mkdir "$work/forged"
"$SND_BUILDDIR/tests/forge/write" "$work/forged" >"$work/list" && mv "$work/list" "$work/forged/list" || exit 1
cp "$work/forged/hub-unknown-authority.crt" "$work/forged/between.ca"
"$sanad" init --state "$office" --demonstration --centre DA01-003 --name "مركز الأفق" >/dev/null || exit 1
office_start || exit 1
python3 "$SND_SRCDIR/tests/e2e/wrong_hub.py" "$sanad" "$office" "$work/forged"
