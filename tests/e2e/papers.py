# SPDX-License-Identifier: Apache-2.0
"""Documents on a line that is cut, repeated and damaged, to a hub whose disk gets full in the middle.
Fault 30 of tests/faults.tsv. Prints TAP points.
usage: papers.py SANAD HUB CENTRE LINE_PORT HUB_PORT WORK"""
import hashlib, json, os, random, re, signal, subprocess, sys, threading
from proxy import PAPER, SYNC, Offices, Points, Proxy, body_of, header, note, with_body, within

sanad, hub, centre, line_port, hub_port, work = sys.argv[1:7]
points = Points()
ok = points.ok
proxy = Proxy(hub, int(hub_port), int(line_port))
offices = Offices(sanad, hub, centre, work)
with open(os.environ["SND_SRCDIR"] + "/tests/nation/demo.jsonl", encoding="utf-8") as lines:
    FIRST = lines.readline()         # of MZ-01
filler = os.path.dirname(hub) + "/filler"


class Paper:
    def __init__(self, name):
        with open(f"{work}/{name}.pdf", "rb") as file:
            data = file.read()
        self.name, self.size, self.sha = name, len(data), hashlib.sha256(data).hexdigest()
        self.path = f"/v1/blob/{self.sha}".encode()

    def patches(self):
        """What was sent of it: (offset, length), in order."""
        return [(int(header(m, b"Upload-Offset")), len(body_of(m))) for m in list(proxy.seen[PAPER]) if self.path in m]

    def ask(self, method, **headers):
        """The hub itself, in the centre's name."""
        some = re.search(rb"(?im)^client-cert:[^\r]*\r\n", proxy.seen[SYNC][-1]).group(0)
        lines = b"".join(f"{name.replace('_', '-')}: {value}\r\n".encode() for name, value in headers.items())
        return proxy.to_hub(method.encode() + b" " + self.path + b" HTTP/1.1\r\nHost: hub\r\n" + some + lines + b"\r\n")

    def there(self):
        """Bytes that the hub has of it; -1 when it knows of no such document."""
        answer = self.ask("HEAD")
        return int(header(answer, b"Upload-Offset")) if answer.startswith(b"HTTP/1.1 200") else -1

    def whole(self):
        return self.there() == self.size

    def same(self):
        """What the hub gives out is what was sent."""
        data = b""
        while len(data) < self.size:
            answer = self.ask("GET", Range=f"bytes={len(data)}-")
            if not answer.startswith(b"HTTP/1.1 206"):  # it has all come, and is still put in its place
                return False
            data += body_of(answer)
        return hashlib.sha256(data).hexdigest() == self.sha


def enter_with(papers):
    fields = ("doc_id", "doc_mulkiya", "doc_krooki")

    def change(_):
        entry = json.loads(FIRST)
        entry["account"] = "scribe"
        for field, paper in zip(fields, papers):
            entry["values"][field] = f"att:{paper.sha}"
        return json.dumps(entry, ensure_ascii=False) + "\n"
    return offices.enter(1, change)


def resumed_well(paper, cut):
    """After each piece the next begins where it ended; after one that was cut not before that one."""
    sent, well = paper.patches(), True
    for at in range(1, len(sent)):
        (offset, size), (now, _) = sent[at - 1], sent[at]
        well = well and (offset <= now <= offset + size if at - 1 in cut else now == offset + size)
    if not well:
        note(f"{paper.name}: {sent}")
    return well


def cut_inside(message, client):
    """Somewhere in the piece."""
    head = len(message) - len(body_of(message))
    return proxy.to_hub(message, head + random.randrange(len(message) - head))


def damage(message, client):
    body = bytearray(body_of(message))
    body[len(body) // 2] ^= 1
    return proxy.to_hub(with_body(message, bytes(body)))


def last_of(fault, times=1):
    """Meets the fault at the first piece of a document, and others as they come."""
    with proxy.lock:
        proxy.faults[PAPER][:] = [fault] * times


def in_order(small, middle, large):
    """Three documents of one request, and no other trouble."""
    enter_with((large, middle, small))
    arrives = offices.arrived() and within(60, lambda: all(p.whole() for p in (small, middle, large)))
    first = {}
    for asked, status in list(proxy.order):
        first.setdefault(asked, (len(first), status))
    place = [first.get(PAPER[:6] + p.path, (99, b""))[0] for p in (small, middle, large)]
    request = first[SYNC][0]
    ok(arrives and not any(status == b"404" for _, status in proxy.order) and request < min(place),
       "events before documents: the hub knows of each when it comes")
    ok(place == sorted(place), "small documents before large ones")


def cuts(paper):
    beside = []

    def once_it_is_there(message, client):
        beside.append(offices.arrived())
        return cut_inside(message, client)
    last_of(cut_inside, 6)
    with proxy.lock:
        proxy.faults[PAPER][0] = once_it_is_there
    enter_with((paper,))
    arrives = within(60, paper.whole)
    ok(beside == [True], "a request is not held up by its document")
    ok(arrives, "30: a document whose pieces are cut arrives")
    ok(len(paper.patches()) > 6 and resumed_well(paper, range(6)), "30: a cut wastes at most the piece that was under way")
    ok(within(60, paper.same), "30: and is what was sent, by its hash")


def lost_answers(paper):
    last_of(proxy.lose_answer, 2)
    enter_with((paper,))
    arrives = offices.arrived() and within(60, paper.whole)
    ok(arrives and resumed_well(paper, range(len(paper.patches()))), "30: an answer that is lost costs at most its piece")


def damaged(paper):
    last_of(damage)
    enter_with((paper,))
    refused = within(60, lambda: any(status == b"422" for _, status in proxy.order))
    ok(refused, "30: a document with one wrong byte is refused")
    ok(within(60, paper.whole) and within(60, paper.same), "30: it begins anew, and arrives as it was sent")


def unknown(paper, other):
    """The hub doesn't know of one, as when it has refused its request: others go before it."""
    proxy.unknown = paper.path
    enter_with((paper,))
    met = within(60, lambda: paper.patches())
    enter_with((other,))
    ok(met and within(60, other.whole) and paper.there() == 0, "30: a document that the hub doesn't know holds up no other")
    proxy.unknown = b""
    pid = subprocess.run(("pgrep", "-n", "-s", os.environ["CENTRE_PID"], "-x", "sanad-sync"), capture_output=True,
                         text=True).stdout
    os.kill(int(pid), signal.SIGKILL)
    ok(within(60, paper.whole), "30: the centre's process is killed, and what was left goes")


def full_disk(paper):
    """The hub's disk gets full in the middle of it."""
    def fill(message, client):
        free = os.statvfs(hub)
        room = free.f_bavail * free.f_frsize - 1200 * 1024
        with open(filler, "wb") as file:
            file.write(b"\0" * max(room, 0))
        return proxy.to_hub(message)
    before = len(proxy.order)
    last_of(fill)
    enter_with((paper,))
    refused = within(60, lambda: any(asked.endswith(paper.path) and status and status >= b"500"
                                     for asked, status in proxy.order[before:]))
    ok(refused and 0 <= paper.there() < paper.size, "30, 16: the hub's disk is full in the middle of a document: it says so")
    os.unlink(filler)
    ok(within(60, paper.whole) and offices.arrived(), "30, 16: with room again it goes on")
    ok(within(60, paper.same), "30, 16: and is what was sent")


def twins(paper):
    """Its first piece is sent by several at once; then what is wrong is tried with that piece."""
    answers, wrong = [], []

    def several(message, client):
        def one():
            answers.append(proxy.to_hub(message).split(b" ")[1])
        racers = [threading.Thread(target=one) for _ in range(4)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        at = header(message, b"Upload-Offset")
        have = paper.there()
        for offset in (paper.size + 1, -1, "x", have + 5, 2**62, 2**70):
            other = message.replace(b"Upload-Offset: " + at, f"Upload-Offset: {offset}".encode())
            wrong.append(proxy.to_hub(other).split(b" ")[1])
        here = message.replace(b"Upload-Offset: " + at, f"Upload-Offset: {have}".encode())
        wrong.append(proxy.to_hub(with_body(here, b"x" * (paper.size - have + 1))).split(b" ")[1])
        wrong.append(proxy.to_hub(message.replace(paper.sha.encode(), b"0" * 64)).split(b" ")[1])
        wrong.append(proxy.to_hub(re.sub(rb"(?im)^client-cert:[^\r]*\r\n", b"", message)).split(b" ")[1])
        wrong.append(b"204" if paper.there() != have else b"409")
        return proxy.to_hub(message)
    last_of(several)
    enter_with((paper,))
    ok(offices.arrived() and within(60, paper.whole) and within(60, paper.same), "30: one document that several send at once is one")
    within(60, lambda: len(wrong) == 10)  # they are still tried when it has arrived
    note(f"several: {answers}; wrong: {wrong}; {paper.there()} of {paper.size}")
    ok(answers and set(answers) <= {b"204", b"409"}, "30: each of them is told how far it is")
    ok(len(wrong) == 10 and set(wrong) <= {b"400", b"401", b"404", b"409", b"413"},
       "30: an offset beyond its size, a gap, too many bytes, an unknown hash and no certificate are refused")


def main():
    paper = {name: Paper(name) for name in ("small", "middle", "large", "cut", "lost", "wrong", "full", "twin", "away", "other")}
    in_order(paper["small"], paper["middle"], paper["large"])
    cuts(paper["cut"])
    lost_answers(paper["lost"])
    damaged(paper["wrong"])
    twins(paper["twin"])
    unknown(paper["away"], paper["other"])
    full_disk(paper["full"])
    print(f"1..{points.points}")
    return points.bad > 0


sys.exit(main())
