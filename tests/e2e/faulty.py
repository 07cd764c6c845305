# SPDX-License-Identifier: Apache-2.0
"""A reverse proxy that does TLS for a hub, as the configuration's hub_proxy means it, and does wrong
whatever can be done wrong on the way: the centre and the hub are the real ones. Prints TAP points.
usage: faulty.py SANAD HUB CENTRE LINE_PORT HUB_PORT WORK [STEP]      STEP: cut at every so many bytes"""
import base64, http.client, os, queue, re, socket, ssl, subprocess, sys, threading, time

sanad, hub, centre, line_port, hub_port, work = sys.argv[1:7]
line_port, hub_port = int(line_port), int(hub_port)
step = int(sys.argv[7]) if len(sys.argv) > 7 else 1
points = bad = 0
entered = 0
lock = threading.Lock()
faults = []          # what the next POSTs meet
seen = []            # every POST to /v1/sync, as bytes
troubles = queue.Queue()


def ok(good, name):
    global points, bad
    points += 1
    bad += not good
    print(f"{'ok' if good else 'not ok'} {points} - {name}", flush=True)


def note(text):
    print(f"# {text}", flush=True)


# ---- the proxy

def read_message(rest):
    """Headers and body of one HTTP message as they came; None at the end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = rest.readline(65536)
        if not line:
            return None
        head += line
    length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
    body = rest.read(int(length.group(1))) if length else b""
    return head + body


def to_hub(message, upto=None):
    """Sends it (or its first bytes) to the hub; the whole answer, or None."""
    with socket.create_connection(("127.0.0.1", hub_port), 20) as up:
        up.sendall(message[:upto] if upto is not None else message)
        if upto is not None and upto < len(message):
            return None
        with up.makefile("rb") as rest:
            return read_message(rest)


def named(message, cert):
    """The request with the header that says whose certificate was shown."""
    line, rest = message.split(b"\r\n", 1)
    rest = re.sub(rb"(?im)^client-cert:.*\r\n", b"", rest)
    return line + b"\r\nClient-Cert: :" + base64.b64encode(cert) + b":\r\n" + rest


def serve(client):
    try:
        with client, client.makefile("rb") as rest:
            cert = client.getpeercert(True)
            while (message := read_message(rest)) is not None:
                message = named(message, cert or b"")
                fault = None
                if message.startswith(b"POST /v1/sync"):
                    with lock:
                        seen.append(message)
                        fault = faults.pop(0) if faults else None
                answer = fault(message) if fault else to_hub(message)
                if answer is None:
                    return
                client.sendall(answer)
                if fault and getattr(fault, "cut", False):
                    return
    except OSError:
        pass


def listen():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{hub}/hub/server.crt", f"{hub}/hub/server.key")
    context.load_verify_locations(f"{hub}/hub/ca.crt")
    context.verify_mode = ssl.CERT_OPTIONAL
    plain = socket.create_server(("127.0.0.1", line_port), backlog=64)

    def shake(client):
        try:
            client.settimeout(60)
            serve(context.wrap_socket(client, server_side=True))
        except OSError:
            client.close()

    def accept():
        while True:
            client, _ = plain.accept()
            threading.Thread(target=shake, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


# ---- faults: what they are handed is the request, what they return goes to the centre

def lose_answer(message):
    to_hub(message)
    return None


def cut_up(count):
    return lambda message: to_hub(message, count)


def cut_down(count):
    def fault(message):
        return to_hub(message)[:count]
    fault.cut = True
    return fault


def shorten(message):
    head, body = to_hub(message).split(b"\r\n\r\n", 1)
    body = body[:-3]
    return re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(body), head) + b"\r\n\r\n" + body


def portal(message):
    page = b"<html><form action=login></form></html>"
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page


def moved(message):
    return b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n"


def twice(message):
    to_hub(message)
    return to_hub(message)


def silent(message):
    time.sleep(25)
    return None


def trickle(message):
    return to_hub(message)          # by the caller, byte by byte


def bomb(message):
    zeros = bytes((0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x50)) + bytes((0x02, 0, 0x10, 0)) * 8191 + bytes((0x03, 0, 0x10, 0))
    return b"HTTP/1.1 200 OK\r\nSanad-Hub: 00\r\nContent-Length: %d\r\n\r\n" % len(zeros) + zeros


# ---- the offices

def run(*words):
    return subprocess.run((sanad, *words), capture_output=True, text=True, check=True).stdout


def enter(count=1):
    global entered
    with open(os.environ["SND_SRCDIR"] + "/tests/nation/demo.jsonl", encoding="utf-8") as lines:
        some = lines.read().splitlines(True)[entered:entered + count]
    path = f"{work}/enter.jsonl"
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(some)
    with open(f"{work}/numbers", "a", encoding="utf-8") as out:
        out.write(run("request", "enter", path, "--state", centre))
    entered += count


def count():
    return len(run("request", "list", "--state", hub).splitlines())


def within(seconds, check):
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def arrived(seconds=20):
    got = within(seconds, lambda: count() == entered)
    if not got:
        note(f"the hub has {count()} of {entered}")
    return got


def settle():
    """Until the centre has nothing more to say."""
    last = [0, time.monotonic()]

    def quiet():
        if len(seen) != last[0]:
            last[:] = [len(seen), time.monotonic()]
        return time.monotonic() - last[1] > 3
    within(30, quiet)


def log_has(text):
    with open(f"{work}/server.log", errors="replace") as log:
        return text in log.read()


def meet(name, *some, says=None, seconds=20):
    """One request while the next POSTs meet these faults."""
    with lock:
        faults[:] = some
    enter()
    good = arrived(seconds) and within(seconds, lambda: not faults)
    if says and not within(2, lambda: log_has(f"why={says} ")):
        note(f"the log does not say {says}")
        good = False
    ok(good and count() == entered, name)


def resident(pattern):
    pid = subprocess.run(("pgrep", "-n", "-s", os.environ["HUB_PID"], "-x", pattern), capture_output=True,
                         text=True).stdout.strip()
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)), pid


def with_body(message, body):
    head = message.split(b"\r\n\r\n", 1)[0]
    return re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(body), head) + b"\r\n\r\n" + body


def held(results):
    """The next POST is held here while everything is tried with it first."""
    def fault(message):
        for size in range(0, len(message), step):
            to_hub(message, size)
        results.append(count())
        for size in range(0, 400, step):
            with socket.create_connection(("127.0.0.1", hub_port), 20) as up:
                up.sendall(message)
                up.recv(size) if size else None
        results.append(count())
        racers = [threading.Thread(target=to_hub, args=(message,)) for _ in range(4)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        results.append(count())
        return to_hub(message)
    return fault


def slow_request(message, out):
    """A request that comes byte by byte: how long the hub bears it."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", hub_port), 60) as up:
        try:
            for at in range(200):
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


def main():
    listen()
    enter()
    ok(arrived(), "a hub behind a proxy takes its centre's requests")
    slow = []
    snail = threading.Thread(target=slow_request, args=(seen[0], slow), daemon=True)
    snail.start()
    settle()
    before = count()
    results = []
    with lock:
        faults[:] = [held(results)]
    enter()
    ok(within(60, lambda: len(results) == 3) and arrived(), "2: a request cut at any byte is none, and then it arrives")
    ok(results[:1] == [before], "2: nothing of it was taken")
    ok(results[1:2] == [before + 1], "3: however often its answer is cut, it is there once")
    ok(results[2:3] == [before + 1], "9: four at once are one")
    meet("1: an answer that is lost", lose_answer)
    meet("3: an answer that is cut, again and again", *map(cut_down, (0, 60, 130, 200)), seconds=40)
    meet("6: an answer that is short and says it is whole", shorten, says="odd")
    meet("7: a log-in page in the hub's place", portal, portal, says="portal")
    meet("7: a redirection in the hub's place", moved, says="portal")
    meet("8: a proxy that repeats the request", twice)
    old = seen[:]
    for message in old:
        to_hub(message)
    ok(count() == entered, "10: old requests that arrive late change nothing")
    meet("26: an answer that is a bomb", bomb, says="odd")
    weight, pid = resident("sanad-hub")
    zeros = bomb(b"").split(b"\r\n\r\n", 1)[1]
    for _ in range(20):
        to_hub(with_body(seen[-1], zeros))
    after, same = resident("sanad-hub")
    note(f"the hub's memory: {weight} -> {after} kB")
    ok(after - weight < 8192 and same == pid, "26: twenty bombs cost the hub less than 8 MB")
    odd = (b"\xff" * 1000, b"", seen[0].split(b"\r\n\r\n", 1)[1][:-1], os.urandom(5000))
    said = [to_hub(with_body(seen[-1], body)).split(b" ")[1] for body in odd]
    ok(set(said) <= {b"400", b"413"}, "26: what is no message is refused")
    stranger = re.sub(rb"Client-Cert: :[^:]*:", b"Client-Cert: :AAAA:", seen[-1])
    ok(to_hub(stranger).startswith(b"HTTP/1.1 401"), "12: a certificate that is none is not believed")
    meet("4: a line that swallows everything", silent, says="silent", seconds=60)
    snail.join(60)
    note(f"a request of a byte a second was borne for {slow[0] if slow else 0:.0f} s")
    ok(bool(slow) and slow[0] < 60, "5: a request that comes byte by byte is ended")
    print(f"1..{points}")
    return bad > 0


sys.exit(main())
