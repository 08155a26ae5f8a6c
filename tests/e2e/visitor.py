"""Somebody at a browser who notices whatever is wrong with a page."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, Response, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# The element with the focus when nothing of it is in sight, "" when it is, null when the page is left.
HIDDEN_FOCUS = """() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    const box = element.getBoundingClientRect();
    const xs = [box.left + 3, (box.left + box.right) / 2, box.right - 3];
    const ys = [box.top + 3, (box.top + box.bottom) / 2, box.bottom - 3];
    const seen = (x, y) => element.contains(document.elementFromPoint(x, y));
    return xs.some((x) => ys.some((y) => seen(x, y))) ? "" : element.outerHTML.slice(0, 200);
}"""
DESKTOP, PHONE = (1280, 900), (390, 844)
ATTEMPTS = 240
PATIENCE = 60_000  # milliseconds in which a page, or a letter made by the worker, has to be there


class Visitor:
    """One person with a browser session of their own, in English.

    Every page that they come to is looked at: one h1 that starts the title, no horizontal scrolling,
    nothing that axe objects to, nothing on the console, nothing that the security policy stopped, and every
    request answered.
    """

    def __init__(
        self, browser: Browser, address: str, size: tuple[int, int] = DESKTOP, *, scripts: bool = True
    ) -> None:
        self.address = address
        self.scripts = scripts
        self.seen: list[str] = []
        self.complaints: list[str] = []
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, accept_downloads=True
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.path}: {message.text}")

    def _failed(self, request: Request) -> None:
        # Who goes on to another page, or downloads a file, breaks off what was still coming.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{self.path}: {request.url} failed: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{self.path}: {response.url} answered {response.status}")

    @property
    def path(self) -> str:
        """Where they are."""
        return urlsplit(self.page.url).path

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.address + path)
        self.look()

    def follow(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Click the link that reads `name`."""
        with self._to_another_page():
            (within or self.page).get_by_role("link", name=name, exact=True).first.click()

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Click the button that reads `name`, which sends a form."""
        with self._to_another_page():
            (within or self.page).get_by_role("button", name=name, exact=True).first.click()

    def fill(self, label: str, value: str) -> None:
        """Type in the field with this label, leaving out what the label adds ("optional")."""
        self.field(label).fill(value)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list, or tick one of a group."""
        self.field(label).select_option(label=option)

    def tick(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Tick a box or a radio button."""
        scope = within or self.page
        box = scope.get_by_role("checkbox", name=name, exact=True)
        box.or_(scope.get_by_role("radio", name=name, exact=True)).check()

    def field(self, label: str) -> Locator:
        """The field with a label that begins like this."""
        labelled = self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}"))
        return labelled.and_(self.page.locator("input, select, textarea")).first

    def in_english(self) -> None:
        """Choose English: the texts in these tests are those of the source."""
        if self.page.locator("html").get_attribute("lang") != "en":
            self.press("English")

    def log_in(self, email: str, password: str) -> None:
        """Log in; an account has a language of its own."""
        self.open("/account/inloggen")
        self.in_english()
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Log in", within=self.page.get_by_role("main"))
        self.in_english()

    def save(self, link: str) -> Path:
        """Download what a link gives."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("link", name=link, exact=True).click()
        return Path(coming.value.path())

    def wait_for(self, link: str) -> None:
        """Come back to the page until it has this link: the worker makes what it leads to."""
        for _attempt in range(ATTEMPTS):
            if self.page.get_by_role("link", name=link, exact=True).count():
                self.look()
                return
            self.again()
        raise AssertionError(f"no {link!r} on {self.path}")

    def again(self) -> None:
        """Wait a moment, and ask for the same page again."""
        self.page.wait_for_timeout(250)
        self.page.reload()

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Check that the page says this."""
        expect(self.page.get_by_role("main").get_by_text(words).first).to_be_visible()

    def look(self) -> None:
        """Look at this page; AssertionError tells everything that is wrong with it."""
        self.seen.append(self.path)
        headings = self.page.locator("h1").all_inner_texts()
        assert len(headings) == 1, (self.path, headings)
        assert self.page.title().startswith(headings[0].strip()), (self.path, self.page.title())
        if self.scripts:
            self.measure()
            faults = self.faults()
            assert faults == [], (self.path, faults)
        assert self.complaints == [], self.complaints

    def measure(self) -> None:
        """Check that the page is no wider than the window."""
        wide = self.page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.path} is {wide} pixels too wide"

    def faults(self) -> list[Any]:
        """What axe has against the page: the rule, and where."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})", TAGS
        )
        return [
            (fault["id"], [(node["html"], node["failureSummary"]) for node in fault["nodes"]])
            for fault in found["violations"]
        ]

    def tab_through(self) -> int:
        """Go through the page with the Tab key: what has the focus is in sight; gives the number of stops."""
        self.page.evaluate("window.scrollTo(0, 0)")
        for stops in range(200):
            self.page.keyboard.press("Tab")
            hidden = self.page.evaluate(HIDDEN_FOCUS)
            if hidden is None:
                return stops
            assert hidden == "", f"{self.path}: the focus is not in sight: {hidden}"
        raise AssertionError(f"{self.path}: the focus goes round")

    def close(self) -> None:
        """Leave."""
        self.context.close()

    @contextmanager
    def _to_another_page(self) -> Iterator[None]:
        with self.page.expect_navigation():
            yield
        self.look()


def sha256_of(pdf: Path) -> str:
    """The digest of a file that has to be a PDF."""
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF-"), content[:80]
    return hashlib.sha256(content).hexdigest()
