# SPDX-License-Identifier: Apache-2.0
"""Requests with the names of a nation, as `sanad request enter` reads them: sync_requests.py N SEED [CENTRES]
With a number of centres each also says of which of the nation's centres it is."""
import json, os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "nation"))
import demo, history, nation

catalogue = nation.services()
codes = [centre["code"] for centre in history.centres()][: int((sys.argv + ["0"])[3])]
for n in range(int(sys.argv[1])):
    r = nation.seeded("bench", sys.argv[2], n)
    code = r.choices(list(demo.WEIGHT), list(demo.WEIGHT.values()))[0]
    values = nation.form(catalogue[code], r, demo.DAY)
    for key, likely in (("prop_wilayat", demo.WILAYATS), ("prop_village", demo.VILLAGES)):
        if key in values:
            values[key] = r.choice(likely)
    if "meters" in values:
        values["meters"] = str(r.randrange(1, 4))
    dates = demo.relative_dates(catalogue[code], values)
    centre = dict(centre=codes[n % len(codes)]) if codes else {}
    print(json.dumps(dict(service=code, account="clerk", ago=1 + n % 9, minute=480 + n % 700, dates=dates,
                          values=values, **centre), ensure_ascii=False, separators=(",", ":")))
