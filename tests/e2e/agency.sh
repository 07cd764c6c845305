#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What an agency is told before there is a line to it: the OpenAPI document and the services' schemas.
. "${SND_SRCDIR:-.}/tests/lib.sh"

run() { "$sanad" "$@" --state "$office"; }
judged() { python3 "$SND_SRCDIR/tests/e2e/agency_api.py" "$SND_SRCDIR/tests/golden/openapi-3.1.json" <"$1"; }
# spoil FROM TO < document: a document that must not pass.
refuses() {
    sed "$1" "$work/api" >"$work/spoiled"
    ! cmp -s "$work/api" "$work/spoiled" && ! judged "$work/spoiled" >"$work/said"
}
names() { python3 -c 'import json,sys; print(*json.load(sys.stdin)["components"]["schemas"])' <"$1"; }
has_services() { names "$1" | grep -q ' MZ-01 .*MZ-07'; }

ok "the document needs no office" into "$work/api" "$sanad" agency openapi
ok "it is what docs/agency/openapi.json has" cmp "$work/api" "$SND_SRCDIR/docs/agency/openapi.json"
ok "it is a document of OpenAPI 3.1" judged "$work/api"
ok "a reference that leads nowhere is found" refuses 's,schemas/Fault",schemas/Fought",'
ok "a path without its answers is found" refuses 's/"responses": {/"answers": {/'
ok "the portal's document needs none either" into "$work/api" "$sanad" agency openapi PORTAL
ok "it is what docs/portal/openapi.json has" cmp "$work/api" "$SND_SRCDIR/docs/portal/openapi.json"
ok "and is a document of OpenAPI 3.1" judged "$work/api"
office_make || exit 1
ok "an agency's own document has its services" into "$work/mzec" run agency openapi MZEC
ok "it is a document too" judged "$work/mzec"
ok "with each of the seven services" has_services "$work/mzec"
ok "an agency without services is said" test "$(run agency openapi NOBODY 2>&1)" = \
    "sanad: There is no service of the agency NOBODY here."
run service schema MZ-01 >"$work/schema" 2>&1
"$sanad" form schema "$SND_SRCDIR/screens/mz-01.form" >"$work/form"
ok "the office's schema is that of the form" cmp "$work/schema" "$work/form"
done_testing
