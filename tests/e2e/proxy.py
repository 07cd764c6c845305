# SPDX-License-Identifier: Apache-2.0
"""For tests of a bad line: a reverse proxy that does TLS for a hub, as the configuration's hub_proxy
means it, and does wrong whatever is asked of it; and the two offices on its sides, which are real."""
import base64, os, re, select, socket, ssl, subprocess, threading, time

SYNC, PAPER = b"POST /v1/sync", b"PATCH /v1/blob/"


class Points:
    """TAP."""
    def __init__(self):
        self.points = self.bad = 0

    def ok(self, good, name):
        self.points += 1
        self.bad += not good
        print(f"{'ok' if good else 'not ok'} {self.points} - {name}", flush=True)
        return good


def note(text):
    print(f"# {text}", flush=True)


def within(seconds, check):
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def read_message(rest, bodiless=False):
    """Headers and body of one HTTP message as they came; None at the end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = rest.readline(65536)
        if not line:
            return None
        head += line
    length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
    body = rest.read(int(length.group(1))) if length and not bodiless else b""
    return head + body


def header(message, name):
    found = re.search(rb"(?im)^" + name + rb": *([^\r]*)\r", message.split(b"\r\n\r\n", 1)[0] + b"\r\n")
    return found.group(1) if found else None


def body_of(message):
    return message.split(b"\r\n\r\n", 1)[1]


def with_body(message, body):
    head = message.split(b"\r\n\r\n", 1)[0]
    return re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(body), head) + b"\r\n\r\n" + body


class Proxy:
    """faults[SYNC] and faults[PAPER]: what the next such requests meet; a fault is handed the request and
    the client's socket, and what it returns goes to the centre. seen: every such request, as bytes;
    order: (what was asked, status), in order."""
    def __init__(self, hub, hub_port, line_port):
        self.hub, self.hub_port, self.line_port = hub, hub_port, line_port
        self.lock = threading.Lock()
        self.faults = {SYNC: [], PAPER: []}
        self.seen = {SYNC: [], PAPER: []}
        self.order = []
        self.cert = None
        self.clients = set()
        self.unknown = b""               # a path that the hub is made not to know
        self.shakes = self.heard = 0     # connections that a wrong certificate was shown, and what was said on them
        self.left = []                   # of each answer that didn't end: the centre gave it up
        self.right = self.context(f"{hub}/hub/server.crt", f"{hub}/hub/server.key")
        self.plain = socket.create_server(("127.0.0.1", line_port), backlog=64)
        threading.Thread(target=self.accept, daemon=True).start()

    def context(self, cert, key):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.set_ciphers("ALL:@SECLEVEL=0")
        made.load_cert_chain(cert, key)
        made.load_verify_locations(f"{self.hub}/hub/ca.crt")
        made.verify_mode = ssl.CERT_OPTIONAL
        return made

    def accept(self):
        while True:
            client, _ = self.plain.accept()
            threading.Thread(target=self.shake, args=(client,), daemon=True).start()

    def shake(self, client):
        try:
            client.settimeout(60)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            cert = self.cert
            self.shakes += cert is not None
            context = self.context(cert + ".crt", cert + ".key") if cert else self.right
            self.serve(context.wrap_socket(client, server_side=True), cert is not None)
        except OSError:
            client.close()

    def serve(self, client, wrong):
        try:
            with client, client.makefile("rb") as rest:
                self.clients.add(client)
                cert = client.getpeercert(True)
                while (message := read_message(rest)) is not None:
                    self.heard += wrong
                    if not self.pass_on(client, self.named(message, cert or b"")):
                        return
        except (OSError, ValueError):
            pass
        self.clients.discard(client)

    def show(self, cert):
        """From now on shows that certificate (None: the hub's), to everybody anew."""
        self.cert = cert
        for client in list(self.clients):
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    @staticmethod
    def named(message, cert):
        """The request with the header that says whose certificate was shown."""
        line, rest = message.split(b"\r\n", 1)
        rest = re.sub(rb"(?im)^client-cert:.*\r\n", b"", rest)
        return line + b"\r\nClient-Cert: :" + base64.b64encode(cert) + b":\r\n" + rest

    def pass_on(self, client, message):
        fault = None
        for kind in (SYNC, PAPER):
            if message.startswith(kind):
                with self.lock:
                    self.seen[kind].append(message)
                    fault = self.faults[kind].pop(0) if self.faults[kind] else None
        if self.unknown and self.unknown in message.split(b"\r\n", 1)[0]:
            fault = self.not_found
        answer = fault(message, client) if fault else self.to_hub(message)
        self.order.append((message.split(b" HTTP", 1)[0], ((answer or b"").split(b" ") + [b""])[1]))
        if answer is None:
            return False
        client.sendall(answer)
        return not getattr(fault, "cut", False)

    def to_hub(self, message, upto=None):
        """Sends it (or its first bytes) to the hub; the whole answer, or None."""
        with socket.create_connection(("127.0.0.1", self.hub_port), 20) as up:
            up.sendall(message[:upto] if upto is not None else message)
            if upto is not None and upto < len(message):
                return None
            with up.makefile("rb") as rest:
                return read_message(rest, message.startswith(b"HEAD "))

    # ---- faults

    @staticmethod
    def not_found(message, client):
        return b"HTTP/1.1 404 Not Found\r\nSanad-Hub: 1\r\nContent-Length: 0\r\n\r\n"

    def lose_answer(self, message, client):
        self.to_hub(message)
        return None

    def cut_up(self, count):
        return lambda message, client: self.to_hub(message, count)

    def cut_down(self, count):
        def fault(message, client):
            return self.to_hub(message)[:count]
        fault.cut = True
        return fault

    def shorten(self, message, client):
        answer = self.to_hub(message)
        return with_body(answer, body_of(answer)[:-3])

    def stall(self, message, client):
        """All but the last bytes of the answer, until the centre gives it up."""
        client.sendall(self.to_hub(message)[:-4])
        self.left.append(bool(select.select([client], [], [], 60)[0]))
        return None

    def trickle(self, message, client):
        """The answer's body byte by byte, until the centre gives it up."""
        answer = self.to_hub(message)
        body = body_of(answer)
        client.sendall(answer[:-len(body)])
        for at in range(len(body)):
            client.sendall(body[at:at + 1])
            if select.select([client], [], [], 2)[0]:
                self.left.append(True)
                return None
        self.left.append(False)
        return None

    def twice(self, message, client):
        self.to_hub(message)
        return self.to_hub(message)

    @staticmethod
    def silent(message, client):
        """Until the centre gives it up."""
        select.select([client], [], [], 60)
        return None


class Offices:
    def __init__(self, sanad, hub, centre, work):
        self.sanad, self.hub, self.centre, self.work = sanad, hub, centre, work
        self.entered = 0

    def run(self, *words):
        return subprocess.run((self.sanad, *words), capture_output=True, text=True, check=True).stdout

    def enter(self, count=1, change=None):
        """So many requests at the centre; change: what is done to each line first."""
        with open(os.environ["SND_SRCDIR"] + "/tests/nation/demo.jsonl", encoding="utf-8") as lines:
            demo = lines.read().splitlines()
        # Entered again it would be the same request: another blank makes it another.
        some = [demo[at % len(demo)] + " " * (at // len(demo)) + "\n"
                for at in range(self.entered, self.entered + count)]
        path = f"{self.work}/enter.jsonl"
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(map(change, some) if change else some)
        told = self.run("request", "enter", path, "--state", self.centre)
        with open(f"{self.work}/numbers", "a", encoding="utf-8") as out:
            out.write(told)
        self.entered += count
        return told.split()

    def count(self):
        return len(self.run("request", "list", "--state", self.hub).splitlines())

    def arrived(self, seconds=60):
        got = within(seconds, lambda: self.count() == self.entered)
        if not got:
            note(f"the hub has {self.count()} of {self.entered}")
        return got

    def log_end(self):
        return os.path.getsize(f"{self.work}/server.log")

    def log_has(self, text, since=0):
        with open(f"{self.work}/server.log", "rb") as log:
            log.seek(since)
            return text.encode() in log.read()
