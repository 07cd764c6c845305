#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Both catalogues have every word of the screens. tools/check-locale.sh says which are missing.
echo 1..2
if sh "$SND_SRCDIR/tools/check-locale.sh" "$SND_SRCDIR"; then echo "ok 1 - every word of the screens is in both catalogues"
else echo "not ok 1 - every word of the screens is in both catalogues"; fi
# The check itself must see a missing word.
broken=$(mktemp -d) || exit 1
trap 'rm -rf "$broken"' EXIT
mkdir "$broken/locale" && cp -r "$SND_SRCDIR/src" "$broken/src" &&
    cp "$SND_SRCDIR/locale/ar.po" "$broken/locale" &&
    awk 'BEGIN { RS = ""; ORS = "\n\n" } !/msgid "Sanad"/' "$SND_SRCDIR/locale/en.po" > "$broken/locale/en.po"
if sh "$SND_SRCDIR/tools/check-locale.sh" "$broken" 2> "$broken/said"; then echo "not ok 2 - a missing word is found"
elif grep -q 'en.po lacks msgid "Sanad"' "$broken/said"; then echo "ok 2 - a missing word is found"
else sed 's/^/# /' "$broken/said"; echo "not ok 2 - a missing word is found"; fi
