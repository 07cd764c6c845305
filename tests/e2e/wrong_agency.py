# SPDX-License-Identifier: Apache-2.0
# wrong_agency.py SANAD OFFICE FORGED: shows the line to an agency agencies that are wrong in one
# thing each, and wrong certificates of ours to one that looks, and prints TAP points. Of a wrong
# agency nothing may be heard before it is noticed. FORGED is the folder that tests/forge/write made.
import os, socket, ssl, subprocess, sys, threading
import points
from points import ok

sanad, office, forged = sys.argv[1:4]
points.last = int(sys.argv[4])

def path(name):
    return os.path.join(forged, name)

class Agency:
    """Answers /hello, and keeps what it was sent."""
    def __init__(self, name, looks=False):
        self.payload = b""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_ciphers("ALL:@SECLEVEL=0")
        self.context.load_cert_chain(path(name + ".crt"), path(name + ".key"))
        if looks:
            self.context.load_verify_locations(path("ca.crt"))
            self.context.verify_mode = ssl.CERT_REQUIRED
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            connection.settimeout(10)
            try:
                tls = self.context.wrap_socket(connection, server_side=True)
                self.payload += tls.recv(65536)
                body = b'{"agency": "WRONG", "version": 1}'
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
                tls.unwrap()
            except (OSError, ValueError):
                pass
            finally:
                connection.close()

def run(*words):
    return subprocess.run([sanad, "agency", *words, "--state", office], capture_output=True, text=True, timeout=60)

def tested(agency, *options, host="127.0.0.1"):
    made = run("add", "WRONG", "--url", "https://%s:%d" % (host, agency.port), *options)
    said = run("test", "WRONG")
    return made.returncode == 0 and said.returncode == 0, made.stderr + said.stderr

ours = ("--certificate", path("node-good.crt"), "--key", path("node-good.key"))
pinned = ("--authority", path("ca.crt"))
good = Agency("hub-good")
answered, said = tested(good, *pinned)
ok(answered and good.payload.startswith(b"GET /hello "), "an agency whose certificate is of the authority that was given is believed", said)

refused = [line.split("\t")[0] for line in open(path("list"), encoding="ascii") if line.split("\t")[1] == "hub"]
for name in ("expired", "not-yet", "other-name", "no-name", "self-signed", "unknown-authority",
             "same-name-authority", "expired-authority", "signed-by-leaf", "with-node-certificate"):
    assert "hub-" + name in refused, name
    wrong = Agency("hub-" + name)
    answered, said = tested(wrong, *pinned)
    ok(not answered and "certificate" in said and wrong.payload == b"",
       "an agency's certificate that is wrong (%s) is refused with nothing sent" % name, said)
elsewhere, said = tested(good, *pinned, host="localhost")
ok(not elsewhere and "certificate" in said, "so is a good one under another name", said)
system, said = tested(good, "--authority", "/etc/ssl/certs/ca-certificates.crt"
                      if os.path.exists("/etc/ssl/certs/ca-certificates.crt") else path("hub-unknown-authority.crt"))
ok(not system and "certificate" in said, "and one of another authority than was given", said)

strict = Agency("hub-good", looks=True)
answered, said = tested(strict, *pinned, *ours)
ok(answered, "an agency that looks at our certificate lets us in with it", said)
for name in ("node-expired", "node-unknown-authority"):
    strict.payload = b""
    answered, said = tested(strict, *pinned, "--certificate", path(name + ".crt"), "--key", path(name + ".key"))
    ok(not answered and strict.payload == b"", "and not with a wrong one (%s)" % name, said)
print("# points %d" % points.last)
sys.exit(points.bad != 0)
