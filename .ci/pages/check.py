"""Opens pages in Chromium, dark at the width of a desk and light at that of a telephone: the console is silent, nothing is
loaded, nothing overflows, every control is reached with the Tab key, and axe finds nothing.

    check.py AXE page.html…               checks pages
    check.py AXE --self-test page.html    a page with one fault must be refused, whatever the fault
"""

import os
import sys
import tempfile

from browser import Browser
from document import faults

# Width, and whether the colours are dark.
LOOKS = ((1280, True), (390, False))

# What lies beside the window, unless a wrapper scrolls it or it is meant for screen readers only.
OVERFLOW = """(() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const beside = [...document.querySelectorAll('body *')].filter(it => {
    if (it.closest('.hidden, svg, thead, caption')) return false;
    const scrolls = it.closest('.scroll');
    const box = it.getBoundingClientRect();
    return !(scrolls && scrolls !== it) && box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
  });
  return (wide > 0 ? [`the page is ${wide} pixels too wide`] : [])
    .concat(beside.slice(0, 3).map(it => `<${it.tagName.toLowerCase()}> lies beside the window: ${it.textContent.slice(0, 60)}`));
})()"""

CONTROLS = """(() => {
  const all = [...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex], [onclick]')];
  const shown = all.filter(it => it.checkVisibility({ contentVisibilityAuto: true }) && !it.closest('details:not([open]) > :not(summary)'));
  shown.forEach((it, place) => { it.dataset.place = place; });
  reached = new Set();
  addEventListener('focusin', event => reached.add(+event.target.dataset.place));
  return shown.map(it => it.textContent.trim().slice(0, 40));
})()"""

AXE = """axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(it =>
  `axe: ${it.id}: ${it.help}: ${it.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' ')}`))"""


def controls(browser):
    """The controls that the Tab key does not reach."""
    names = browser.run(CONTROLS)
    # One more leads out of the page, and another one back to where it began.
    browser.press("Tab", len(names) + 2)
    reached = browser.run("[...reached]")
    return [f"not reached by the keyboard: {name}" for place, name in enumerate(names) if place not in reached]


def folds(browser):
    """Whether Enter opens what is folded."""
    if not browser.run("!!(window.fold = document.querySelector('details:not([open]) > summary'))"):
        return []
    browser.run("fold.focus()")
    browser.press("Enter")
    return [] if browser.run("fold.parentElement.open") else ["Enter does not open a fold"]


def loaded(browser, path):
    """What the page said or asked for."""
    own = "file://" + os.path.abspath(path)
    for event in browser.events:
        method, about = event.get("method"), event.get("params", {})
        if method in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            yield f"the console is not silent: {str(about)[:200]}"
        elif method == "Network.requestWillBeSent" and about["request"]["url"] not in (own, "data:,"):
            yield f"{about['request']['url']} is asked for"


def check(browser, axe, path, folder, looks=LOOKS):
    """All faults of a page, with everything folded and then opened."""
    found = []
    for width, dark in looks:
        browser.open(path, width, dark=dark)
        here = list(loaded(browser, path)) + browser.run(OVERFLOW) + controls(browser) + folds(browser)
        browser.run("document.querySelectorAll('details').forEach(it => { it.open = true; })")
        here += browser.run(OVERFLOW) + controls(browser)
        here += faults(browser.run("document.documentElement.outerHTML"), folder)
        browser.run(axe)
        here += browser.run(AXE)
        found += [f"{path} at {width} pixels, {'dark' if dark else 'light'}: {fault}" for fault in here]
    return found


# One fault each, and a word of the message.
BROKEN = [
    (("</main>", "<p style='width: 200vw'>wide</p></main>"), "too wide"),
    (("</main>", "<div tabindex='-1'>unreachable</div></main>"), "not reached"),
    (("--muted: #59606c", "--muted: #b0b4bb"), "color-contrast"),
    (("<caption>Totals by currency", "<caption>"), "says nothing"),
    (("<h2 ", "<h5 "), "follows a heading"),
    (("aria-labelledby=\"ageing-", "aria-labelledby=\"absent-"), "nothing has the id"),
    (("</main>", "<a href='absent.csv'>absent</a></main>"), "leads nowhere"),
    (("</main>", "<img src='absent.png'></main>"), "asks for something"),
]


def self_test(browser, axe, path):
    with open(path, encoding="utf-8") as file:
        html = file.read()
    for (old, new), word in BROKEN:
        assert old in html, old
        with tempfile.TemporaryDirectory() as folder:
            broken = os.path.join(folder, "broken.html")
            with open(broken, "w", encoding="utf-8") as file:
                file.write(html.replace(old, new, 1))
            found = check(browser, axe, broken, os.path.dirname(path), LOOKS[-1:])
        if not any(word in fault for fault in found):
            sys.exit(f"the check accepts a page with {new!r}: {found}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        axe = file.read()
    with Browser() as browser:
        if sys.argv[2] == "--self-test":
            return self_test(browser, axe, sys.argv[3])
        found = [fault for path in sys.argv[2:] for fault in check(browser, axe, path, os.path.dirname(path))]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)


main()
