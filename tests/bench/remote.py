# SPDX-License-Identifier: Apache-2.0
"""One typist at screens of her own, the office behind a line: remote.py SECONDS-A-KEY CONTROL COMMAND...
CONTROL is weaklink's socket, or - without a line. Types the form of twelve fields to its
number as scripts/twelve.script does, twice (the first one fills the cache), and prints the second as
JSON, by the names of sshload's report."""
import json, os, pty, re, select, socket, struct, sys, fcntl, termios, time

NUMBER = re.compile(rb"DA01-003-[0-9A-Z]{7}-[0-9A-Z]")
pace, control, command = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
fields = ["{name}\r", "{civil}\r", "{phone}", "{governorate}\r", "{wilayat}\r", "{born}", "{address}\r", "{more}\r",
          "{register}\r", "1\r", "{amount}\r", "{notes}", "\x1b[21~"]
# Nothing that is typed twice, so that compression finds in the second form what any next form shares.
people = [dict(name="مريم بنت سعيد الكندية", civil="99000001", phone="92345061", governorate="ظفا", wilayat="صلالة",
               born="05111990", address="حي التراث خلف السوق", more="الطابق الثاني", register="3397718", amount="40.250",
               notes="تسلم الرسالة باليد"),
          dict(name="سالم بن حمد الحارثي", civil="71120534", phone="72345678", governorate="الوس", wilayat="هيماء",
               born="21031987", address="شارع النخيل منزل سد الخوض", more="قرب مسجد الرحمة نزوى", register="10847",
               amount="12.500", notes="يرجى الاتصال قبل الزيارة")]
echoes = []


class Screen:
    def __init__(self):
        self.began = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.seen = b""

    def look(self, wait):
        """Takes in what comes within that time; when the first of it came."""
        until, first = time.monotonic() + wait, None
        while (left := until - time.monotonic()) > 0 and select.select([self.fd], [], [], left)[0]:
            first = first or time.monotonic()
            try:
                self.seen += os.read(self.fd, 65536)
            except OSError:
                return first
        return first

    def key(self, text, timed=False):
        at = time.monotonic()
        os.write(self.fd, text.encode())
        first = self.look(pace)
        if timed and first:
            echoes.append((first - at) * 1000)

    def type(self, text):
        if text.startswith("\x1b"):
            return self.key(text)
        for letter in text:
            self.key(letter, letter.isalnum())

    def until(self, pattern, seconds):
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen)):
            if time.monotonic() > end:
                sys.exit("not seen: %r in %r" % (pattern, self.seen[-800:]))
            self.look(0.01)
        return found.group()

    def form(self, person):
        """From the first key of the form to its number."""
        self.seen = b""
        self.look(0.5)
        began = time.monotonic()
        for field in fields:
            self.type(field.format(**person))
        self.seen = b""
        sent = time.monotonic()
        os.write(self.fd, b"\x1b[21~")
        self.until(NUMBER, 60)
        ended = time.monotonic()
        return (ended - began) * 1000, (ended - sent) * 1000


def line(order):
    """What weaklink says to that, as its counts."""
    if control == "-":
        return {"up_bytes": None, "down_bytes": None}
    with socket.socket(socket.AF_UNIX) as asked:
        asked.connect(control)
        asked.sendall(order.encode() + b"\n")
        return json.loads(asked.recv(4096))


screen = Screen()
screen.until(b"\x1b\\[\\?1049h", 120)  # ssh is done, and the screens are there
login = (time.monotonic() - screen.began) * 1000
screen.look(1.0)
for keys in ("\r", "1", "BN-12", "\r"):
    screen.type(keys)
    screen.look(1.0)
screen.look(0 if control == "-" else 20)  # the form comes, for the first time
screen.form(people[0])
screen.key("1")
screen.look(2.0)
echoes.clear()
line("zero")
took, submit = screen.form(people[1])
crossed = line("stats")
echoes.sort()
print(json.dumps({
    "first_screen_ms": {"p50": login},
    "spans": [{"name": "form", "ms": {"p50": took}, "rx_bytes": {"p50": crossed["down_bytes"]},
               "tx_bytes": {"p50": crossed["up_bytes"]}}, {"name": "submit", "ms": {"p50": submit}}],
    "echo_ms": {"p50": echoes[len(echoes) // 2], "p99": echoes[int(len(echoes) * 0.99)]}}))
