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

seen=
for room in $rooms; do
    for used in $(uses "$room"); do
        case " $seen " in *" $used "*) ;; *) complain "src/ROOMS: $room names $used, which does not stand above it";; esac
    done
    seen="$seen $room"
done

# In one pass over all of them: there are thousands of includes.
wrong=$(for room in $rooms; do
    for file in "$src/src/$room"/*.[ch] "$src/src/$room"/*.def; do
        [ ! -f "$file" ] || echo "$file"
    done
done | xargs awk -v table="$table" '
    BEGIN {
        n = split(table, line, "\n")
        for (i = 1; i <= n; i++) {
            split(line[i], c, "|")
            gsub(/ /, "", c[1])
            may[c[1], c[1]] = 1
            for (m = split(c[2], u, " "); m > 0; m--)
                may[c[1], u[m]] = 1
            for (m = split(c[3], u, " "); m > 0; m--)
                owner[u[m]] = c[1]
        }
    }
    FNR == 1 { n = split(FILENAME, part, "/"); room = part[n - 1] }
    /^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]*\// {
        split($0, part, "\"")
        home = part[2]
        sub(/\/.*/, "", home)
        if (!((room, home) in may))
            print FILENAME " includes " part[2] ": " room " may not use " home
        if (part[2] ~ /_priv\.h$/ && home != room)
            print FILENAME " includes " part[2] ", private to " home
    }
    /^[[:space:]]*#[[:space:]]*include[[:space:]]*</ {
        split($0, part, /[<>]/)
        for (own in owner)
            if (index(part[2], own) == 1 && owner[own] != room)
                print FILENAME " includes <" part[2] ">: that library belongs to " owner[own]
    }')
[ -z "$wrong" ] || complain "$wrong"

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
