# SPDX-License-Identifier: Apache-2.0
# wrong_hub.py SANAD OFFICE FORGED: shows `sanad join` hubs that are wrong in one thing each, and
# prints TAP points. Each server keeps what it was sent after the question which authority it has:
# of a wrong hub that must be nothing. FORGED is the folder that tests/forge/write made.
import json, os, re, socket, ssl, subprocess, sys, threading, time
import points
from points import ok

sanad, office, forged = sys.argv[1:4]

def text(name):
    with open(os.path.join(forged, name), encoding="ascii") as file:
        return file.read()

def context(name, low=None, ciphers=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers(ciphers or "ALL:@SECLEVEL=0")
    if low:
        made.minimum_version = made.maximum_version = low
    made.load_cert_chain(os.path.join(forged, name + ".crt"), os.path.join(forged, name + ".key"))
    return made

class Hub:
    """Answers which authority it has, and keeps whatever else comes."""
    def __init__(self, name="hub-good", plain=None, authority=None, skew=0, answer=None, **tls):
        self.payload = b""
        self.asked = 0
        self.name, self.plain, self.skew, self.answer = name, plain, skew, answer
        self.authority = authority or text(name + ".ca")
        self.context = None if plain else context(name, **tls)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.visit, args=(connection,), daemon=True).start()

    def visit(self, connection):
        connection.settimeout(10)
        try:
            if self.plain:
                self.plain(connection)
                return
            self.talk(self.context.wrap_socket(connection, server_side=True))
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def talk(self, tls):
        data = b""
        while b"\r\n\r\n" not in data:
            more = tls.recv(65536)
            if not more:
                return
            data += more
        if data.startswith(b"GET /v1/authority "):
            self.asked += 1
            body = json.dumps({"authority": self.authority,
                               "now": int((time.time() + self.skew) * 1000)}).encode()
            tls.sendall(b"HTTP/1.1 200 OK\r\nSanad-Hub: x\r\nConnection: close\r\n"
                        b"Content-Length: %d\r\n\r\n" % len(body) + body)
            tls.unwrap()
            return
        self.payload += data
        size = int(re.search(rb"Content-Length: (\d+)", data).group(1))
        while len(data.split(b"\r\n\r\n", 1)[1]) < size:
            more = tls.recv(65536)
            if not more:
                break
            data += more
        self.payload = data
        if self.answer:
            self.answer(tls)

def join(hub, invitation=None, url=None):
    done = subprocess.run([sanad, "join", url or "https://127.0.0.1:%d" % hub.port,
                           invitation or text(hub.name + ".invite"), "--state", office],
                          capture_output=True, text=True, timeout=60)
    hub.listener.close()
    return done

def nothing_written():
    return not os.path.exists(os.path.join(office, "node", "node.crt")) and \
        re.search(r"^hub_url = *$", open(os.path.join(office, "sanad.conf")).read(), re.M)

def refused(hub, words="", asked=False, **how):
    done = join(hub, **how)
    good = done.returncode == 1 and (hub.asked == 1 or not asked) and hub.payload == b"" and words in done.stderr and \
        done.stderr.count("\n") == 1 and nothing_written()
    return good, "%d %s %r" % (done.returncode, done.stderr, hub.payload[:80])

# ---- what must go through, or the rest proves nothing

hub = Hub(answer=lambda tls: tls.sendall(b"HTTP/1.1 403 No\r\nSanad-Hub: x\r\nContent-Length: 0\r\n\r\n"))
done = join(hub)
ok(b"POST /v1/join " in hub.payload and text("hub-good.invite")[-6:-1] not in done.stderr and
   "does not take this invitation" in done.stderr and nothing_written(),
   "the right hub gets the invitation, and may refuse it", done.stderr)

# ---- certificates (the library does not even talk to the weakest)

TOO_WEAK_TO_ASK = ("hub-weak-rsa", "hub-weak-curve")

kinds = [line.split("\t") for line in text("list").splitlines()]
wrong = 0
for name, use, good in kinds:
    if use != "hub" or good == "1":
        continue
    wrong += 1
    good, note = refused(Hub(name), asked=name not in TOO_WEAK_TO_ASK)
    ok(good, "refused with nothing sent: " + name, note)

# ---- versions and ciphers

for name, low in (("TLS 1.0", ssl.TLSVersion.TLSv1), ("TLS 1.1", ssl.TLSVersion.TLSv1_1)):
    wrong += 1
    good, note = refused(Hub(low=low))
    ok(good, "refused with nothing sent: " + name, note)
wrong += 1
good, note = refused(Hub(low=ssl.TLSVersion.TLSv1_2, ciphers="aNULL:eNULL:@SECLEVEL=0"))
ok(good, "refused with nothing sent: a cipher without certificates", note)

# ---- who is no hub at all

def silent_close(connection):
    connection.recv(1)

def garbage(connection):
    connection.recv(1000)
    connection.sendall(os.urandom(4000))

def cut_handshake(connection):
    connection.recv(1000)
    connection.sendall(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + b"A" * 40)

def plain_http(connection):
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 200 OK\r\nSanad-Hub: x\r\nContent-Length: 2\r\n\r\n{}")

for name, plain in (("closes at once", silent_close), ("random bytes", garbage),
                    ("a handshake cut off", cut_handshake), ("no TLS", plain_http)):
    wrong += 1
    good, note = refused(Hub(plain=plain))
    ok(good, "refused with nothing sent: " + name, note)

class Portal(Hub):
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"
    def talk(self, tls):
        tls.recv(65536)
        tls.sendall(self.page)

class Redirect(Portal):
    page = b"HTTP/1.1 302 Found\r\nLocation: https://login.test/\r\nContent-Length: 0\r\n\r\n"

for name, portal in (("a log-in page of the network", Portal()), ("a redirection", Redirect())):
    wrong += 1
    good, note = refused(portal, "Something else answers")
    ok(good, "refused with nothing sent: " + name, note)

# ---- somebody between

wrong += 1
good, note = refused(Hub("hub-unknown-authority", authority=text("between.ca")), "not the one of this invitation",
                     invitation=text("hub-good.invite"))
ok(good, "refused with nothing sent: an authority of one's own is shown", note)
wrong += 1
good, note = refused(Hub("hub-unknown-authority", authority=text("hub-good.ca")), "no certificate of the hub's")
ok(good, "refused with nothing sent: the right authority is shown, and another's certificate used", note)
wrong += 1
good, note = refused(Hub(skew=2 * 86400 + 60), "set the clock first")
ok(good, "refused with nothing sent: clocks two days apart", note)
wrong += 1
hub = Hub()
good, note = refused(hub, "as in https://", url="http://127.0.0.1:%d" % hub.port)
ok(good, "refused with nothing sent: an address without TLS", note)
print("# %d kinds" % wrong)
ok(wrong >= 20, "at least 20 kinds of wrong hub are refused with nothing sent")

# ---- answers that break off

def cut_answer(tls):
    tls.sendall(b'HTTP/1.1 200 OK\r\nSanad-Hub: x\r\nContent-Length: 900\r\n\r\n{"hub":"')
    tls.close()

def no_end(tls):
    tls.sendall(b'HTTP/1.1 200 OK\r\nSanad-Hub: x\r\nConnection: close\r\n\r\n{"hub":"')
    tls.close()

def huge(tls):
    tls.sendall(b"HTTP/1.1 200 OK\r\nSanad-Hub: x\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 200000)

def foreign(tls):
    answer = json.dumps({"hub": "0" * 32, "name": "x", "certificate": text("node-good.crt")}).encode()
    tls.sendall(b"HTTP/1.1 200 OK\r\nSanad-Hub: x\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)

for name, answer in (("an answer cut short", cut_answer), ("an answer without its end", no_end),
                     ("an answer without bounds", huge), ("another's certificate in the answer", foreign)):
    hub = Hub(answer=answer)
    done = join(hub)
    ok(done.returncode == 1 and done.stderr.count("\n") == 1 and nothing_written(),
       "nothing is written down: " + name, done.stderr)

# ---- what was typed

right = text("hub-good.invite")
hub = Hub()
slip = right[:13] + ("7" if right[13] != "7" else "8") + right[14:]
good, note = refused(hub, "Group 3 of the invitation", invitation=slip)
ok(good and hub.asked == 0, "a slip in the third group is said before anything is asked", note)
print("1..%d" % points.last)
sys.exit(points.bad != 0)
