# SPDX-License-Identifier: Apache-2.0
# portal.py SANAD OFFICE HUB AUTHORITY CONTRACT LAST: the unified national portal as a small client of
# its own, which knows nothing of the hub but the contract. It asks for services, fills in one that the
# demonstration has values for, files it, breaks each rule of the line once, and prints TAP points.
import http.client, json, re, ssl, subprocess, sys, threading, time, urllib.parse
import jsonschema
import points
from points import ok

sanad, office, hub, authority, contract = sys.argv[1:6]
points.last = int(sys.argv[6])
api = json.load(open(contract, encoding="utf-8"))
context = ssl.create_default_context(cafile=authority)
demo = [json.loads(line) for line in open(sys.argv[7], encoding="utf-8")]

def run(*words):
    return subprocess.run([sanad, *words, "--state", office], capture_output=True, text=True, timeout=60)

class Portal:
    """One connection to the hub; every answer is held against the contract."""
    def __init__(self, token, certificate=None):
        mine = ssl.create_default_context(cafile=authority)
        if certificate:
            mine.load_cert_chain(certificate + ".crt", certificate + ".key")
        self.line = http.client.HTTPSConnection(hub, context=mine, timeout=60)
        self.token, self.broken = token, []

    def promised(self, method, path, status):
        for shape, methods in api["paths"].items():
            if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", shape), path) and method.lower() in methods:
                answer = methods[method.lower()]["responses"].get(str(status))
                return answer and (api["components"]["responses"][answer["$ref"].rsplit("/")[-1]] if "$ref" in answer else answer)
        return None

    def call(self, method, path, body=None, key=None):
        headers = {"Authorization": "Bearer " + self.token} if self.token else {}
        headers.update({"Idempotency-Key": key} if key else {})
        text = body if body is None or isinstance(body, (bytes, str)) else json.dumps(body)
        self.line.request(method, path, text, headers)
        answer = self.line.getresponse()
        status, said = answer.status, answer.read()
        said = json.loads(said) if answer.getheader("Content-Type") == "application/json" else None
        promise = self.promised(method, path, status)
        if promise is None:
            self.broken.append("%s %s: %d is not in the contract" % (method, path, status))
        elif "content" in promise:
            schema = dict(promise["content"]["application/json"]["schema"], components=api["components"])
            self.broken += ["%s %s: %s" % (method, path, e.message[:200]) for e in jsonschema.Draft202012Validator(schema).iter_errors(said)]
        return status, said

    def file(self, body, key):
        return self.call("POST", "/portal/v1/requests", body, key)

def link(*options):
    return run("agency", "add", "PORTAL", "--url", "https://portal.example", *options).stdout.split("\n")[-2]

token = link("--stage", "testing")
run("agency", "stage", "PORTAL", "testing", "--from", "2018-01-01")
portal = Portal(token)

status, services = portal.call("GET", "/portal/v1/services")
shown = {each["code"]: each for each in services["services"]} if status == 200 else {}
# where the hub's own centre lies closes nothing to who stands at no counter
opened = {line.split("\t")[0] for line in run("service", "list").stdout.splitlines() if line.split("\t")[2] in ("open", "area")}
ok(status == 200 and set(shown) == opened and len(opened) > 5, "the portal is told every service that is open, and no other", (sorted(shown), sorted(opened)))
one = next(each for each in demo if each["service"] == "MZ-01")
status, schema = portal.call("GET", shown["MZ-01"]["schema"])
submission = {"form": shown["MZ-01"]["form"], "values": one["values"]}
judge = jsonschema.Draft202012Validator(schema)
judge.check_schema(schema)
ok(not re.search(r"\bF[0-9]+\b|Press |day/month", json.dumps(schema)), "in words that speak of no clerk's keys")
ok(status == 200 and judge.is_valid(submission), "and what each wants to know, as a schema that a right submission passes", next(judge.iter_errors(submission), ""))

status, receipt = portal.file(submission, "portal/0000001")
number = receipt.get("number", "")
listed = run("request", "list", "--in", "queued").stdout
ok(status == 201 and number in listed, "a request that it files stands in the ledger", (status, receipt))
ok(portal.file(json.dumps(submission, indent=3), "portal/0000001") == (201, receipt), "said again it gets the same number")
ok(run("request", "list", "--in", "queued").stdout.count("\n") == listed.count("\n"), "and is filed once")
changed = {"form": submission["form"], "values": dict(one["values"], app_mobile="99999999")}
ok(portal.file(changed, "portal/0000001")[0] == 409, "its key names nothing else")
channel = run("report", "--by", "channel").stdout
ok(any(re.match(r"self\b.*\b1\b", line) for line in channel.splitlines()), "reports count it by the channel self", channel)

wrong = {"form": submission["form"], "values": {k: v for k, v in dict(one["values"], app_civil="1").items() if k != "app_name"}}
status, said = portal.file(wrong, "portal/0000002")
fields = {each["field"]: each["rule"] for each in said.get("fields", [])}
ok(status == 422 and fields.get("app_name") == "required" and "app_civil" in fields, "wrong fields are named with their rules", said)
ok(not judge.is_valid(wrong), "and the schema has said so, too")
bad = [portal.file(b"{", "portal/0000003"), portal.file({"form": "0" * 64, "values": {}}, "portal/0000003"),
       portal.file({"form": submission["form"], "values": {"no_such": "1"}}, "portal/0000003"),
       portal.file({"form": submission["form"], "values": {"app_name": "x\u202ey"}}, "portal/0000003"),
       portal.file(submission, "short"), portal.file(submission, None), portal.file(submission, "x" * 200),
       portal.file(submission, "key\u00ff-of-no-ascii".encode("latin-1"))]
ok([status for status, _ in bad] == [400, 404, 400, 400, 400, 400, 400, 400], "what is no submission is refused", bad)
document = {"form": submission["form"], "values": dict(one["values"], doc_id="att:" + "0" * 64)}
ok(portal.file(document, "portal/0000004")[1].get("fields", [{}])[0].get("rule") == "stored", "so is a document that nobody has")

status, now = portal.call("GET", "/portal/v1/requests/" + number)
ok(status == 200 and now["state"] == "queued" and now["history"][0]["state"] == "queued", "it is told how the request stands", now)
said = json.dumps(now, ensure_ascii=False)
ok(not any(secret in said for secret in (one["values"]["app_name"], one["values"]["app_civil"], "clerk", "actor")), "with nothing of a person in it", said)
for state, more in (("sent", ()), ("received", ()), ("in_review", ()), ("need_docs", ("--documents", "doc_id"))):
    run("request", "move", number, state, *more)
status, now = portal.call("GET", "/portal/v1/requests/" + number)
ok(now["state"] == "need_docs" and [step["state"] for step in now["history"]][-2:] == ["in_review", "need_docs"] and now["history"][-1]["documents"] == "doc_id",
   "and what became of it, step by step", now)
others = run("request", "list").stdout.splitlines()
foreign = next((line.split("\t")[0] for line in others if line and not line.startswith(number)), "DA01-003-0000000-0")
ok([portal.call("GET", "/portal/v1/requests/" + urllib.parse.quote(each))[0] for each in (foreign, "X", "%ff", "a" * 60)] == [404] * 4,
   "a request of a centre is none to the portal")

agency = run("agency", "add", "MOMP", "--url", "https://127.0.0.1:1").stdout.split("\n")[-2]
ok([Portal(each).call("GET", "/portal/v1/services")[0] for each in (agency, token[:-1] + ("a" if token[-1] != "a" else "b"), "", None)] == [401] * 4,
   "without its own token nobody is the portal")
ok(Portal(agency).file(submission, "portal/0000005")[0] == 401, "an agency's token files nothing")
run("agency", "pause", "PORTAL", "--reason", "صيانة")
ok(portal.file(changed, "portal/0000006")[0] == 403, "a link that is paused takes nothing")
run("agency", "resume", "PORTAL")
ok(portal.file(changed, "portal/0000006")[0] == 201, "and goes on afterwards under the same key")
line = http.client.HTTPSConnection(hub, context=context, timeout=60)
line.putrequest("POST", "/portal/v1/requests")
for name, value in (("Authorization", "Bearer " + token), ("Idempotency-Key", "portal/0000007"), ("Content-Length", "40000")):
    line.putheader(name, value)
line.endheaders()
ok(line.getresponse().status == 413, "a body that is too large is not read")

until, often = time.monotonic() + 30, threading.Event()
def hurry(caller):
    while not often.is_set() and time.monotonic() < until:
        if caller.call("GET", "/portal/v1/requests/X")[0] == 429:
            often.set()
hurried = [threading.Thread(target=hurry, args=(Portal(token),)) for _ in range(8)]
for each in hurried:
    each.start()
for each in hurried:
    each.join()
ok(often.is_set(), "who calls too often is told when to come again")
ok(not portal.broken, "every answer was as the contract says", portal.broken)
print("# points %d" % points.last)
sys.exit(points.bad)
