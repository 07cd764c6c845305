# SPDX-License-Identifier: Apache-2.0
# browser.py CHROMIUM BASE NUMBER DIGITS: opens the public pages in a real browser of the width of a
# small telephone, and prints TAP points from the number in FIRST on. The browser is driven over its
# pipe (--remote-debugging-pipe: JSON with a zero behind it).
import json, os, select, subprocess, sys, tempfile, time
import points
from points import ok

chromium, base, number, digits = sys.argv[1:5]
points.last = int(os.environ.get("FIRST", "0"))

class Browser:
    def __init__(self):
        to_it, self.out = os.pipe()
        self.inp, from_it = os.pipe()
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        def wire():
            a, b = os.dup(to_it), os.dup(from_it)
            os.dup2(a, 3)
            os.dup2(b, 4)
        self.process = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-extensions", "--remote-debugging-pipe",
             "--user-data-dir=" + self.profile.name, "about:blank"],
            preexec_fn=wire, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_it)
        os.close(from_it)
        self.data, self.id, self.events, self.session = b"", 0, [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=360, height=640, deviceScaleFactor=2, mobile=True)

    def read(self, deadline):
        while b"\0" not in self.data:
            left = deadline - time.time()
            if left <= 0 or not select.select([self.inp], [], [], left)[0]:
                raise TimeoutError
            more = os.read(self.inp, 65536)
            if not more:
                raise EOFError("the browser ended")
            self.data += more
        one, self.data = self.data.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, **params):
        self.id += 1
        message = {"id": self.id, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        deadline = time.time() + 30
        while True:
            said = self.read(deadline)
            if said.get("id") == self.id:
                if "error" in said:
                    raise ValueError(said["error"])
                return said["result"]
            self.events.append(said.get("method"))

    def loaded(self):
        deadline = time.time() + 30
        while "Page.loadEventFired" not in self.events:
            self.events.append(self.read(deadline).get("method"))

    def look_like(self, width, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=640, deviceScaleFactor=2, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", media="screen",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def tab(self):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    def open(self, path):
        self.events = []
        self.call("Page.navigate", url=base + path)
        self.loaded()

    def ask(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def press(self, expression):
        self.events = []
        self.ask(expression)
        self.loaded()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.profile.cleanup()

LOOK = """({dir: getComputedStyle(document.body).direction, lang: document.documentElement.lang,
 wide: document.documentElement.scrollWidth, width: innerWidth, scripts: document.scripts.length,
 styled: getComputedStyle(document.querySelector('nav')).display, text: document.body.innerText})"""

browser = Browser()
try:
    for lang, direction in (("ar", "rtl"), ("en", "ltr")):
        for path in ("/", "/service/MZ-01?near=DA01", "/status", "/nothing"):
            browser.open("/" + lang + path)
            seen = browser.ask(LOOK)
            ok(seen["dir"] == direction and seen["lang"] == lang and seen["wide"] <= seen["width"] == 360
               and seen["scripts"] == 0 and seen["styled"] == "flex",
               "in a browser of 360 px: /%s%s reads %s and fits" % (lang, path, direction),
               {key: seen[key] for key in seen if key != "text"})
    # 180 px is a telephone of 360 with text twice as large.
    for width in (180, 320, 1280):
        browser.look_like(width)
        wide = []
        for path in ("/ar/", "/en/", "/ar/service/MZ-01?near=DA01", "/en/service/MZ-01?near=DA01", "/ar/status", "/en/status"):
            browser.open(path)
            if not browser.ask("document.documentElement.scrollWidth <= innerWidth"):
                wide.append(path)
        ok(not wide, "nothing to scroll sideways at %d px" % width, wide)
    browser.look_like(360, dark=True)
    browser.open("/ar/status")
    ok(browser.ask("""(() => { const ink = getComputedStyle(document.body).color.match(/\\d+/g).map(Number);
        return Math.min(...ink) > 200 && matchMedia('(prefers-color-scheme: dark)').matches; })()"""), "light ink where the reader's browser is dark")
    browser.look_like(360)
    browser.open("/en/status")
    met = []
    for step in range(7):
        browser.tab()
        met.append(browser.ask("""(() => { const at = document.activeElement, box = at.getBoundingClientRect();
            return [at.className || at.name || at.lang || at.localName, getComputedStyle(at).outlineStyle != 'none' && box.left >= 0 && box.width > 0]; })()"""))
    ok([name for name, _ in met] == ["skip", "a", "a", "ar", "number", "digits", "button"] and all(seen for _, seen in met),
       "by the keyboard alone: the way to the content first, then in order, each seen", met)
    labels = browser.ask("[...document.querySelectorAll('input,select')].every(at => at.labels.length == 1)")
    ok(labels and browser.ask("[document.querySelectorAll('h1').length, document.querySelectorAll('main').length].join()") == "1,1",
       "each box has its label, each page one heading")
    browser.ask("document.querySelector('[name=number]').value = '%s'" % (number[:-1] + ("2" if number[-1] != "2" else "3")))
    browser.ask("document.querySelector('[name=digits]').value = '0000'")
    browser.press("document.querySelector('form button').click()")
    seen = browser.ask("""(() => { const at = document.querySelector('[aria-invalid]');
        return [at.name, at.value, at.getAttribute('aria-invalid'), document.getElementById(at.getAttribute('aria-describedby')).innerText]; })()""")
    ok(seen and seen[0] == "number" and seen[1][:-1] == number[:-1] and seen[2] == "true" and "receipt" in seen[3],
       "what is wrong stands beside the box that it is about, and what was typed is still there", seen)
    browser.open("/ar/service/MZ-01")
    browser.call("Emulation.setEmulatedMedia", media="print")
    ok(browser.ask("['nav', 'form'].every(at => getComputedStyle(document.querySelector(at)).display == 'none')"), "on paper there is the sheet alone")
    browser.look_like(360)
    browser.open("/ar/")
    browser.ask("document.querySelector('input[name=find]').value = 'كهربائي'")
    before = browser.ask("document.querySelectorAll('li').length")
    browser.press("document.querySelector('form button').click()")
    after = browser.ask("document.querySelectorAll('li').length")
    ok(0 < after < before, "a search in the browser finds fewer", "%s %s" % (before, after))
    browser.press("document.querySelector('li a').click()")
    ok("/ar/service/" in browser.ask("location.pathname"), "and leads to a service")
    browser.open("/ar/service/MZ-01")
    browser.ask("document.querySelector('select').value = 'DA01'")
    browser.press("document.querySelector('form button').click()")
    ok("DA01-001" in browser.ask("document.body.innerText"), "the centres near a wilayat are shown")
    browser.open("/ar/status")
    browser.ask("document.querySelector('[name=number]').value = '%s'" % number)
    browser.ask("document.querySelector('[name=digits]').value = '%s'" % digits)
    browser.press("document.querySelector('form button').click()")
    ok("الحالة" in browser.ask("document.body.innerText") and number not in browser.ask("location.href"),
       "a request's state, and its number stands in no address")
except (TimeoutError, EOFError, ValueError, TypeError) as why:
    ok(False, "the browser does what it is told", repr(why))
finally:
    browser.close()
print("# last %d" % points.last)
sys.exit(points.bad != 0)
