# SPDX-License-Identifier: Apache-2.0
# Sourced after lib.sh: golden pictures. GENERATE=1 writes them anew; read the diff. $term is the terminal,
# $lang its language, $size its columns and rows; $wrong counts the pictures that differ.
pictures=$SND_SRCDIR/tests/golden/screens
wrong=0

normal() {
    capture "$term" | sed -E -e 's#Event [0-9]+\.[0-9]+ of#Event N.N of#' -e '1s#^  [0-9]{2}:[0-9]{2}  #  HH:MM  #' -e '1s#  [0-9]{2}:[0-9]{2}$#  HH:MM#' -e 's#[0-9]{2}:[0-9]{2}:[0-9]{2}#HH:MM:SS#g' -e 's#[0-9a-f]{32}#HEX#g' -e 's#(Event |ﺙﺪﺤﻟﺍ )[0-9]+#\1N#' \
        -e 's#[0-9]+( ﺙﺪﺤﻟﺍ)#N\1#' -e 's#secret=[A-Z2-7]+#secret=S#' -e 's#^( +)[A-Z2-7]+&issuer#\1S\&issuer#' -e 's#…[A-Za-z0-9+/=]{12}#…KKKKKKKKKKKK#' -e 's#([0-9]{2}/){2}[0-9]{4} HH#DD/MM/YYYY HH#g' -e 's#SS ([0-9]{2}/){2}[0-9]{4}#SS DD/MM/YYYY#g' \
        -e 's#[0-9]{2}/[0-9]{2}/20[0-9]{2} [0-9]{2}:[0-9]{2}#DD/MM/YYYY HH:MM#g' \
        -e 's#[0-9]{2}:[0-9]{2} [0-9]{2}/[0-9]{2}/20[0-9]{2}#HH:MM DD/MM/YYYY#g' \
        -e 's#127\.0\.0\.1:[0-9]{5}#127.0.0.1:PPPPP#g' -e 's#([A-Z2-7]{4} ){7}[A-Z2-7]{4}#SSSS SSSS SSSS SSSS SSSS SSSS SSSS SSSS#g' \
        -e 's#DA01-003-[0-9A-Z]{7}-[0-9A-Z]#DA01-003-NNNNNNN-C#g' \
        -e 's#(^| )[0-9A-HJKMNP-TV-Z]{7}-[0-9A-Z]( |$)#\1NNNNNNN-C\2#g' -e 's#since [0-9]{2}:[0-9]{2}#since HH:MM#' -e 's#[0-9]+,[0-9]{3} d#N,NNN d#' -e 's#ﻡﻮﻳ [0-9]+,[0-9]{3}#ﻡﻮﻳ N,NNN#' -e 's#[0-9]+ min#N min#g' -e 's/ +$//'
}
same() { normal | cmp -s - "$picture"; }
# Two looks in a row that are the same: nothing is being painted.
still() {
    normal >"$work/look"
    sleep "$tick"
    normal | cmp -s - "$work/look"
}

# picture NAME: what is on the screen now is what it should be.
picture() {
    picture=$pictures/$1.$lang.$size.txt
    if [ -n "${GENERATE:-}" ]; then
        within 5 still
        normal >"$picture"
    elif ! within 60 same; then
        note "another picture than $1.$lang.$size.txt:"
        normal | diff -u "$picture" - | sed 's/^/# /'
        wrong=$((wrong + 1))
    fi
}
