"""Headless Chromium, told what to do over a pipe. Nothing but Python and Chromium is needed: no driver."""

import base64
import json
import os
import shutil
import subprocess
import tempfile

QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
         "--force-color-profile=srgb", "--remote-debugging-pipe"]


class Browser:
    """A browser with one page."""

    def __enter__(self):
        self.profile = tempfile.mkdtemp()
        (their_input, self.input), (self.output, their_output) = os.pipe(), os.pipe()

        def wire():  # The browser reads from 3 and writes to 4.
            ends = os.dup(their_input), os.dup(their_output)
            os.dup2(ends[0], 3), os.dup2(ends[1], 4)

        self.process = subprocess.Popen(
            ["chromium", *QUIET, f"--user-data-dir={self.profile}"], preexec_fn=wire, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(their_input), os.close(their_output)
        self.count, self.rest, self.session, self.events = 0, b"", None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        for part in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{part}.enable")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self):
        while b"\0" not in self.rest:
            piece = os.read(self.output, 1 << 20)
            if not piece:
                raise SystemExit("Chromium ended")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def send(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.input, text):]
        return self.count

    def answer(self, number):
        """The answer to a message. Those to earlier ones may be left out."""
        while True:
            answer = self.receive()
            if "error" in answer:
                raise SystemExit(answer["error"]["message"])
            if answer.get("id") == number:
                return answer["result"]
            if "id" not in answer:
                self.events.append(answer)

    def call(self, method, **params):
        return self.answer(self.send(method, **params))

    def open(self, path, width, height=900, dark=False, zoom=1):
        """Opens a file in a window of this size, and returns when it is loaded."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=zoom,
                  mobile=False)
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events.clear()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.receive())

    def run(self, script):
        """The value of an expression in the page, awaited."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"the page: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key, times=1):
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for _ in range(times):
            for kind in ("keyDown", "keyUp"):
                last = self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                                 **text)
        self.answer(last)

    def picture(self, path):
        """The whole page as a PNG."""
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
