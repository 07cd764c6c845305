#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks that every word of the screens is in both catalogues: present, translated, not fuzzy; and
# that no catalogue has a word that nobody says. The words are those in _(), N_() and P_().
# usage: check-locale.sh SRCDIR [--new]   (--new prints the entries that ar.po lacks, to fill in)
set -u
src=$1 new=${2:-} bad=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
complain() { echo "locale: $*" >&2; bad=1; }

(cd "$src" && find src -name '*.[ch]' -o -name '*.def' | LC_ALL=C sort) > "$work/files"
(cd "$src" && xgettext --language=C --from-code=UTF-8 --keyword= --keyword=_ --keyword=N_ --keyword=P_:1,2 \
    --no-location --sort-output --omit-header --files-from="$work/files" -o "$work/all.pot") 2> "$work/said" ||
    { cat "$work/said" >&2; exit 1; }
sed '1i msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n' "$work/all.pot" > "$work/all.po"
for lang in ar en; do
    po=$src/locale/$lang.po
    msgfmt --check-format --check-header --statistics -o /dev/null "$po" 2> "$work/statistics" || { cat "$work/statistics" >&2; bad=1; }
    grep -q -e fuzzy -e untranslated "$work/statistics" && complain "$lang.po: $(cat "$work/statistics")"
    # Words of the source that the catalogue lacks, then words of the catalogue that the source lacks.
    msgcomm --no-wrap --unique --omit-header -s "$work/all.po" "$po" 2>/dev/null | grep '^msgid "' | grep -v '^msgid ""$' > "$work/only"
    while read -r line; do
        if grep -qFx -- "$line" "$po"; then complain "$lang.po has $line, which nobody says"
        else complain "$lang.po lacks $line"; fi
    done < "$work/only"
done
if [ "$new" = --new ]; then
    msgcomm --no-wrap --unique --omit-header -s "$work/all.po" "$src/locale/ar.po" 2>/dev/null
fi
[ $bad = 0 ] && echo "locale: ok"
exit $bad
