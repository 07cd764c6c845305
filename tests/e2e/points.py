# SPDX-License-Identifier: Apache-2.0
# TAP points of the tests in Python, numbered from `last` on: one that a script begins may go on with
# the number where the script stands.
last = bad = 0

def ok(good, name, note=""):
    global last, bad
    last += 1
    bad += not good
    if not good and note:
        print("# " + str(note).strip().replace("\n", "\n# "))
    print("%s %d - %s" % ("ok" if good else "not ok", last, name), flush=True)
