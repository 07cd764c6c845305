#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks that the rooms under src/ use only what src/ROOMS lets them: includes, headers of
# libraries, and symbols (so that a hand-written extern is caught too).
# usage: check-rooms.sh SRCDIR BUILDDIR
set -u
src=$1 build=$2 bad=0
table=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$src/src/ROOMS")
complain() { echo "rooms: $*" >&2; bad=1; }
rooms=$(echo "$table" | awk -F'|' '{gsub(/ /,"",$1); print $1}')
uses() { echo "$table" | awk -F'|' -v r="$1" '{n=$1; gsub(/ /,"",n)} n==r {print $2}'; }
owns() { echo "$table" | awk -F'|' -v r="$1" '{n=$1; gsub(/ /,"",n)} n==r {print $3}'; }

seen=
for room in $rooms; do
    for used in $(uses "$room"); do
        case " $seen " in *" $used "*) ;; *) complain "src/ROOMS: $room names $used, which does not stand above it";; esac
    done
    seen="$seen $room"
done

for room in $rooms; do
    for file in "$src/src/$room"/*.[ch] "$src/src/$room"/*.def; do
        [ -f "$file" ] || continue
        for name in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$file"); do
            case $name in */*) of=${name%%/*};; *) continue;; esac
            case " $room $(uses "$room") " in *" $of "*) ;; *) complain "$file includes $name: $room may not use $of";; esac
            case $name in *_priv.h) [ "$of" = "$room" ] || complain "$file includes $name, private to $of";; esac
        done
        for name in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*<\([^>]*\)>.*/\1/p' "$file"); do
            for owner in $rooms; do
                [ "$owner" = "$room" ] && continue
                for own in $(owns "$owner"); do
                    case $name in "$own"*) complain "$file includes <$name>: that library belongs to $owner";; esac
                done
            done
        done
    done
done

objects=$(for room in $rooms; do [ -f "$build/lib${room}_room.a" ] && echo "$room $build/lib${room}_room.a"; done)
symbols=$(echo "$objects" | while read -r room file; do
    [ -n "$room" ] || continue
    nm "$file" 2>/dev/null | awk -v r="$room" 'NF==3 && $2 ~ /[TDBRVW]/ {print "D", r, $3} NF==2 && $1=="U" {print "U", r, $2}'
done)
wrong=$(printf '%s\n' "$symbols" | awk -v table="$table" '
    BEGIN { n = split(table, line, "\n"); for (i = 1; i <= n; i++) { split(line[i], c, "|"); gsub(/ /, "", c[1]); m = split(c[2], u, " "); for (j = 1; j <= m; j++) may[c[1], u[j]] = 1 } }
    $1 == "D" { home[$3] = $2 }
    $1 == "U" { from[$2 SUBSEP $3] = 1 }
    END { for (k in from) { split(k, p, SUBSEP); if (p[2] in home && home[p[2]] != p[1] && !((p[1], home[p[2]]) in may)) print p[1] " uses " p[2] " of " home[p[2]] } }' | sort)
[ -z "$wrong" ] || complain "$wrong"
[ $bad = 0 ] && echo "rooms: ok"
exit $bad
