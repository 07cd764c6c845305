# SPDX-License-Identifier: Apache-2.0
"""Everything that may go wrong on a line between a real centre and a real hub, by the numbers of
tests/faults.tsv. Prints TAP points.
usage: faulty.py SANAD HUB CENTRE LINE_PORT HUB_PORT WORK STEP    STEP: the centre's answers are cut at
every so many bytes; what goes to the hub is cut at every one."""
import os, re, socket, subprocess, sys, threading, time
from proxy import SYNC, Offices, Points, Proxy, body_of, note, with_body, within

sanad, hub, centre, line_port, hub_port, work, step = sys.argv[1:8]
points = Points()
ok = points.ok
proxy = Proxy(hub, int(hub_port), int(line_port))
offices = Offices(sanad, hub, centre, work)
seen = proxy.seen[SYNC]


def portal(message, client):
    page = b"<html><form action=login></form></html>"
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page


def moved(message, client):
    return b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n"


ZEROS = bytes((0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x50)) + bytes((0x02, 0, 0x10, 0)) * 8191 + bytes((0x03, 0, 0x10, 0))


def bomb(message, client):
    return b"HTTP/1.1 200 OK\r\nSanad-Hub: 00\r\nContent-Length: %d\r\n\r\n" % len(ZEROS) + ZEROS


def meet(name, *some, says=None, seconds=60):
    """One request while the next POSTs meet these faults."""
    since = offices.log_end()
    with proxy.lock:
        proxy.faults[SYNC][:] = some
    offices.enter()
    good = offices.arrived(seconds) and within(seconds, lambda: not proxy.faults[SYNC])
    if says and not within(60, lambda: offices.log_has(f"why={says} ", since)):
        note(f"the log does not say {says}")
        good = False
    return ok(good and offices.count() == offices.entered, name) if name else good


def never_ends(name, fault):
    """An answer that doesn't end is given up by the centre, not by the line."""
    proxy.left.clear()
    good = meet("", fault, says="silent") and within(90, lambda: proxy.left)
    ok(good and proxy.left[0], name)


def resident(pattern, office="HUB_PID"):
    """Memory (kB) of the office's process of that name, and its id."""
    pid = subprocess.run(("pgrep", "-n", "-s", os.environ[office], "-x", pattern), capture_output=True,
                         text=True).stdout.strip()
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)), pid


def trickle(message, out, at_once=0):
    """A request that comes byte by byte after its first part: how long the hub bears it."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", int(hub_port)), 60) as up:
        try:
            up.sendall(message[:at_once])
            for at in range(at_once, at_once + 200):
                up.sendall(message[at:at + 1])
                up.settimeout(1)
                try:
                    if up.recv(100) == b"":
                        break
                except TimeoutError:
                    pass
        except OSError:
            pass
    out.append(time.monotonic() - began)


def connect():
    return socket.create_connection(("127.0.0.1", int(hub_port)), 20)


def cut_at_every_byte(message, before):
    for size in range(len(message)):
        proxy.to_hub(message, size)
    ok(offices.count() == before, "2: cut at every byte, nothing of a request is taken")
    whole = len(proxy.to_hub(message))
    for size in range(whole + 1):
        with connect() as up:
            up.sendall(message)
            up.recv(size) if size else None
    note(f"a request of {len(message)} bytes, an answer of {whole}")
    ok(offices.count() == before + 1, "3: however often its answer is cut, it is there once")
    said = {proxy.to_hub(message).split(b" ")[1] for _ in range(3)}
    ok(said == {b"200"}, "8: a request that comes again is answered as if it were the first")
    racers = [threading.Thread(target=proxy.to_hub, args=(message,)) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    ok(offices.count() == before + 1, "9: four at once are one")
    return whole


def hostile(message, before):
    weight, pid = resident("sanad-hub")
    for _ in range(20):
        proxy.to_hub(with_body(message, ZEROS))
    after, same = resident("sanad-hub")
    note(f"the hub's memory: {weight} -> {after} kB")
    ok(after - weight < 8192 and same == pid, "26: twenty bombs cost the hub less than 8 MB")
    odd = (b"\xff" * 1000, b"", body_of(message)[:-1], os.urandom(5000))
    said = [proxy.to_hub(with_body(message, body)).split(b" ")[1] for body in odd]
    ok(set(said) <= {b"400", b"413"}, "26: what is no message is refused")
    head = with_body(message, b"")[:-4].replace(b"Content-Length: 0", b"Content-Length: 67108864")
    with connect() as up:
        up.sendall(head + b"\r\n\r\n" + b"x" * 1000)
        ok(up.recv(100).startswith(b"HTTP/1.1 413"), "26: one that says it has 64 MB is refused at once")
    try:
        with connect() as up:
            for _ in range(64):
                up.sendall(b"x" * (1 << 20))
            said = up.recv(100)
    except OSError:
        said = b""
    grown, same = resident("sanad-hub")
    ok(not said.startswith(b"HTTP/1.1 2") and grown - weight < 8192 and same == pid, "26: nor is a line of 64 MB kept")
    stranger = re.sub(rb"Client-Cert: :[^:]*:", b"Client-Cert: :AAAA:", message)
    ok(proxy.to_hub(stranger).startswith(b"HTTP/1.1 401"), "12: a certificate that is none is not believed")
    ok(offices.count() == before + 1, "26: all that changes nothing")


def another_in_its_place():
    """Who answers at the hub's address is not the hub: the centre says nothing to him."""
    refused = 0
    kinds = ("hub-expired", "hub-other-name", "hub-unknown-authority", "hub-with-node-certificate")
    for kind in kinds:
        proxy.show(f"{work}/forged/{kind}")
        shakes, heard, since = proxy.shakes, proxy.heard, offices.log_end()
        offices.enter()
        met = within(60, lambda: proxy.shakes > shakes)
        good = met and within(60, lambda: offices.log_has("why=certificate ", since)) and proxy.heard == heard
        refused += good
        if not good:
            note(f"{kind}: met {met}, heard {proxy.heard - heard}")
    proxy.show(None)
    ok(refused == len(kinds), "12: nothing is sent to who is not our hub: expired, another name, authority or use")
    offices.enter()
    ok(offices.arrived(), "12: when the hub is back, all of it arrives")


def settle():
    """Until the centre has nothing more to say: what nobody waits for goes two seconds later."""
    last = [0, time.monotonic()]

    def quiet():
        if len(seen) != last[0]:
            last[:] = [len(seen), time.monotonic()]
        return time.monotonic() - last[1] > 2.6
    within(30, quiet)


def main():
    offices.enter()
    ok(offices.arrived(), "a hub behind a proxy takes its centre's requests")
    slow = []
    snail = threading.Thread(target=trickle, args=(seen[0], slow), daemon=True)
    begun, borne = seen[0], []  # the same with its head at once, and its body byte by byte
    second = threading.Thread(target=trickle, args=(begun, borne, begun.index(b"\r\n\r\n") + 4), daemon=True)
    second.start()
    snail.start()
    settle()
    # The centre's next word is swallowed: while it waits for an answer, much is tried with that word.
    before, began = offices.count(), time.monotonic()
    with proxy.lock:
        proxy.faults[SYNC][:] = [proxy.silent]
    words = len(seen)
    offices.enter()
    carries = within(60, lambda: len(seen) > words and not proxy.faults[SYNC])
    ok(carries, "a request on its way")
    message = seen[words]
    whole = cut_at_every_byte(message, before)
    hostile(message, before)
    for late in seen[:words]:
        proxy.to_hub(late)
    ok(offices.count() == before + 1, "10: old requests that arrive late change nothing")
    ok(within(60, lambda: offices.log_has("why=silent ")), "4: a line that swallows everything is left")
    note(f"after {time.monotonic() - began:.0f} s")
    ok(offices.arrived(), "2: and then it arrives")
    meet("1: an answer that is lost", proxy.lose_answer)
    good = all([meet("", proxy.cut_down(at), proxy.cut_down(at + 1)) for at in range(0, whole - 1, int(step))])
    ok(good, "3: an answer that is cut is asked for again")
    never_ends("4: an answer that stops in the middle is left", proxy.stall)
    never_ends("5: an answer that comes byte by byte is left", proxy.trickle)
    meet("6: an answer that is short and says it is whole", proxy.shorten, says="odd")
    meet("7: a log-in page in the hub's place", portal, portal, says="portal")
    meet("7: a redirection in the hub's place", moved, says="portal")
    meet("8: a proxy that repeats the request", proxy.twice)
    weight, pid = resident("sanad-sync", "CENTRE_PID")
    meet("26: an answer that is a bomb", bomb, bomb, bomb, says="odd")
    after, same = resident("sanad-sync", "CENTRE_PID")
    note(f"the centre's memory: {weight} -> {after} kB")
    ok(after - weight < 8192 and same == pid, "26: an answer that is a bomb costs the centre less than 8 MB")
    another_in_its_place()
    snail.join(60)
    note(f"a request of a byte a second was borne for {slow[0] if slow else 0:.0f} s")
    ok(bool(slow) and slow[0] < 60, "5: a request that comes byte by byte is ended")
    second.join(90)
    note(f"and one whose body comes so, for {borne[0] if borne else 0:.0f} s")
    ok(bool(borne) and borne[0] < 90, "5: and so is one whose body comes byte by byte")
    print(f"1..{points.points}")
    return points.bad > 0


sys.exit(main())
