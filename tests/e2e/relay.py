# SPDX-License-Identifier: Apache-2.0
"""Speaks to the subsystem sanad-book over a real ssh: relay.py WHAT SSH-COMMAND..., a line for each
finding, and nothing for what is as it should be."""
import hashlib, json, re, struct, subprocess, sys, uuid

LOST, DENIED, NOTFOUND, INVALID, CLOSED = -11, -3, -4, -7, -8


def frame(kind, body=b""):
    return struct.pack(">I", 5 + len(body)) + kind + body


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(value)) + value


def hello(ticket=b"", version=3):
    return frame(b"H", bytes([version]) + text(ticket))


def request(tag, name, payload=b"", ident=bytes(16)):
    return frame(b"Q", struct.pack(">I", tag) + text(name) + ident + payload)


class Line:
    def __init__(self, command):
        self.ssh = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.tag = 100

    def send(self, data):
        try:
            self.ssh.stdin.write(data)
            self.ssh.stdin.flush()
        except BrokenPipeError:
            pass

    def take(self):
        head = self.ssh.stdout.read(4)
        if len(head) < 4:
            return None, b""
        body = self.ssh.stdout.read(struct.unpack(">I", head)[0] - 4)
        return body[:1], body[1:]

    def answer(self):
        kind, body = self.take()
        if kind != b"A":
            return kind, None, body
        tag, status = struct.unpack(">Iq", body[:12])
        return tag, status, body[12:]

    def ask(self, name, payload=b"", ident=bytes(16)):
        """Sent again when the ledger was lost meanwhile; an answer to one of before is none."""
        self.tag += 1
        wanted, tag = self.tag, b"R"
        while tag != wanted:
            if tag == b"R":
                self.send(request(wanted, name, payload, ident))
            tag, status, results = self.answer()
        return status, results

    def end(self):
        self.ssh.stdin.close()
        said = self.ssh.stderr.read().decode()
        return self.ssh.wait(), said


def opened(command, ticket=b""):
    line = Line(command)
    line.send(hello(ticket))
    kind, body = line.take()
    if kind != b"H":
        print("no hello:", kind, line.end())
        sys.exit(0)
    return line, body[5:37], body[37]


def malformed(command):
    """Each is answered with a closed line and a sentence."""
    good = request(7, "office.get")
    cases = {
        "no hello": good,
        "two hellos": hello() + hello(),
        "a hello of another time": hello(version=9),
        "half a ticket": hello(b"x" * 16),
        "an endless frame": hello() + struct.pack(">I", 1 << 30) + b"Q" * 1000,
        "a frame shorter than its head": hello() + struct.pack(">I", 3),
        "an unknown kind": hello() + frame(b"Z"),
        "an answer": hello() + frame(b"A", struct.pack(">Iq", 1, 0)),
        "a request cut off": hello() + frame(b"Q", b"\0\0"),
        "a name beyond its frame": hello() + frame(b"Q", struct.pack(">II", 1, 4000) + b"office"),
        "a condition cut off": hello() + frame(b"C", b"12345"),
        "too many conditions": hello() + b"".join(
            frame(b"C", bytes(16) + request(i, "ledger.nothing")[5:]) for i in range(2000)),
        "arguments that are none, again and again": hello() + request(1, "form.get", b"\xff" * 9),
    }
    for name, data in cases.items():
        line = Line(command)
        line.send(data)
        while (kind := line.take()[0]) is not None:
            if kind == b"R":  # as who was asked to repeat what was not answered
                line.send(data[len(hello()):])
        status, said = line.end()
        if status == 0 or not re.search("sanad|سند", said):
            print(f"{name}: status {status}, said [{said.strip()}]")


def resume(command, other):
    """A ticket is gone on with by its own account alone."""
    line, ticket, resumed = opened(command)
    if resumed:
        print("resumed from nothing")
    line.ssh.kill()
    line, again, resumed = opened(command, ticket)
    if not resumed or again != ticket:
        print("the session was not gone on with")
    thief, got, resumed = opened(other, ticket)
    if resumed or got == ticket:
        print("another account's session was taken")
    if line.ask("office.get")[0] != 0:
        print("the session was disturbed")
    sha = None
    status, results = line.ask("service.list")
    line.send(frame(b"C", hashlib.sha256(results).digest()[:16] + request(5, "service.list")[5:]))
    kind, body = line.take()
    while kind == b"A" and body[:4] != struct.pack(">I", 5):
        kind, body = line.take()
    if kind != b"S" or body != struct.pack(">I", 5):
        print("what is known is sent again")
    thief.end()
    line.end()


def matrix(command, role, golden):
    """Each operation of the table is let through to the ledger, which alone says who may."""
    column, wrong = None, 0
    line, _, _ = opened(command)
    for row in open(golden):
        cells = row.rstrip("\n").split("\t")
        if column is None:
            column = cells.index(role)
            continue
        if cells[0] == "auth.bye":
            continue
        line.send(request(3, cells[0], b"", uuid.uuid4().bytes))
        tag, status, _ = line.answer()
        if tag == b"R":  # it may, and what was sent was no argument: the ledger hung up
            status = None
            line.send(request(4, "office.get"))
            line.answer()
        denied = status == DENIED
        if denied == (cells[column] not in ("", "-")):
            print(f"{cells[0]} as {role}: status {status}, the table has [{cells[column]}]")
    line.end()


def judged(command, path):
    """What no screen would send is refused by the ledger, whatever line it comes over; the fee is its own."""
    sha = hashlib.sha256(open(path, "rb").read()).digest()
    line, _, _ = opened(command)

    def submit(**other):
        values = {"app_civil": "99012377", "app_name": "سالم بن حمد العبري", "app_mobile": "70123456",
                  "app_capacity": "self", "prop_wilayat": "DA01", "prop_village": "فرق", "prop_plot": "123",
                  "prop_krooki": "2017/44", "prop_use": "res", "load_kw": "12.5", "phase": "1ph",
                  "meters": "2", "elec_lic": "ELC123", "spare": "4",
                  **{"doc_" + name: "have:seen" for name in ("id", "mulkiya", "krooki", "completion", "elec_permit", "load_list")}}
        values.update(other)
        ident = uuid.uuid4().bytes
        payload = ident + text(sha) + text(json.dumps(values, ensure_ascii=False))
        return line.ask("request.submit", payload, ident)

    if sys.argv[2] == "closed":
        cases = [("a service that was closed", CLOSED, {})]
    else:
        cases = [("a false calculation, which is done again", 0, {"spare": "400", "app_civil": "99012378"}),
                 ("a fee of one's own", -1, {"fee_centre": "0.000"}),
                 ("a property out of the area", INVALID, {"prop_wilayat": "MU01"}),
                 ("a choice that there is not", INVALID, {"phase": "9ph"}),
                 ("what is right", 0, {})]
    for name, wanted, other in cases:
        status, results = submit(**other)
        if status != wanted:
            print(f"{name}: {status}, not {wanted}")
        if status == 0:
            fees = struct.unpack(">qq", results[4 + struct.unpack(">I", results[:4])[0]:][:16])
            if fees != (0, 2000):
                print("the fee is not the form's:", fees)
    line.end()


if __name__ == "__main__":
    what = sys.argv[1]
    split = [i for i, word in enumerate(sys.argv) if word == "--"]
    parts = [sys.argv[a + 1:b] for a, b in zip([1] + split, split + [len(sys.argv)])]
    {"malformed": lambda: malformed(parts[1]), "resume": lambda: resume(parts[1], parts[2]),
     "matrix": lambda: matrix(parts[1], *parts[0]), "judged": lambda: judged(parts[1], parts[0][1])}[what]()
