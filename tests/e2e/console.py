# SPDX-License-Identifier: Apache-2.0
"""A Linux console: console.py SSH-COMMAND... runs it with TERM=linux, answers DA1 as the kernel does and nothing
else, presses F1 as it does, and prints what was wrong with what came. Silent when all is right."""
import fcntl, os, pty, re, select, struct, sys, termios, time, unicodedata

wrong = []
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "linux"
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 80, 0, 0))
seen, answered = b"", 0


def take(wait):
    """What comes within that time; every DA1 question in it is answered. False when it is over."""
    global seen, answered
    if not select.select([fd], [], [], wait)[0]:
        return True
    try:
        piece = os.read(fd, 65536)
    except OSError:
        return False
    seen += piece
    while seen.count(b"\x1b[c") > answered:
        answered += 1
        os.write(fd, b"\x1b[?6c")
    return bool(piece)


def until(pattern, what, seconds=20):
    """From here on: waits for the pattern, in letters without their shapes."""
    end = time.monotonic() + seconds
    while not re.search(pattern, plain()):
        if time.monotonic() > end or not take(0.05):
            sys.exit("no %s in %r" % (what, plain()[-600:]))


def plain():
    """In the order of the eye, so that patterns are written backwards."""
    return unicodedata.normalize("NFKC", seen.decode(errors="replace"))


def backwards(word):
    return word[::-1]


until(backwards("للمتابعة"), "greeting")
until("Press 0", "question what it shows of Arabic")
greeting, seen, answered = seen, b"", 0
os.write(fd, b"\x1b[[A")  # F1, as the kernel sends it
until(backwards("مساعدة"), "help")
help_text, seen, answered = seen, b"", 0
for key in (b"\x1b[[C", b"\x1b[[C"):  # back, and home
    os.write(fd, key)
    end = time.monotonic() + 1
    while time.monotonic() < end and take(0.1) and not seen:
        pass
seen, answered = b"", 0
os.write(fd, b"\x1b[[C\x1b[[C")
end = time.monotonic() + 20
while time.monotonic() < end and take(0.1):
    pass
os.close(fd)
_, status = os.waitpid(pid, 0)
everything = (greeting + help_text + seen).decode(errors="replace")
for what, pattern in (("marks on letters", "[\u064b-\u0652]"), ("Arabic-Indic digits", "[\u0660-\u0669]"),
                      ("glyphs that its fonts lack", "[\u25c4\u2590]"), ("colours of more than eight", r"\x1b\[[0-9;]*(38;5|9[0-7])"),
                      ("an alternate screen", r"\x1b\[\?1049"), ("another terminal's modes", r"\x1b\[8l|\x1b\]")):
    found = re.search(pattern, everything)
    if found:
        wrong.append("%s: %r" % (what, everything[max(0, found.start() - 30):found.end() + 30]))
if not re.search("[\ufe70-\ufefc]", everything):
    wrong.append("no joined letters")
if status != 0:
    wrong.append("ssh ended with %d" % status)
print("\n".join(wrong), end="")
sys.exit(1 if wrong else 0)
