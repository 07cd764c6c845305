#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The JSON Schemas of all services against filled forms, see form_schema.py.
exec python3 "$SND_SRCDIR/tests/unit/form_schema.py" ./sanad "$SND_SRCDIR" "${SND_EVERY:-10}"
