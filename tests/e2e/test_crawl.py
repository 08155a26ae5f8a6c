"""Every page of the demo, as each role comes to it by following links, in two languages at two widths."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from subsidy.app import create_app
from subsidy.cli.demo.people import PASSWORD, SHOWN
from tests.conftest import settings_for
from tests.e2e.visitor import DESKTOP, PHONE, Visitor
from tests.pages import check_page

pytestmark = pytest.mark.e2e

# One of each role; the first referent has reviews in every stage.
PEOPLE = ["", *{person.role: person.email for person in reversed(SHOWN)}.values()]
# Of pages that differ only in the thing that they show, the first ones.
MOST = 2
# Links that arrive by mail, and what no page links to.
ELSEWHERE = {
    "account.confirm",
    "account.reset",
    "public.health",
    "public.schema",
}


class Crawl:
    """What was reached by links, over all roles."""

    def __init__(self, addresses: MapAdapter) -> None:
        self.addresses = addresses
        self.reached: set[str] = set()

    def kind(self, path: str) -> tuple[str, frozenset[str]] | None:
        """Which page an address shows; None for what is no page of this program."""
        parts = urlsplit(path)
        try:
            endpoint, _values = self.addresses.match(parts.path, method="GET")
        except (HTTPException, RequestRedirect) as error:
            raise AssertionError(f"a link to {path}: {error}") from error
        return None if endpoint == "static" else (endpoint, frozenset(dict(parse_qsl(parts.query))))


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    app = create_app(settings_for(tmp_path_factory.mktemp("map"), "sqlite://"))
    return Crawl(app.url_map.bind("localhost"))


@pytest.fixture
def visitor(browser: Browser, demo: str) -> Iterator[Visitor]:
    guest = Visitor(browser, demo)
    yield guest
    guest.close()


@pytest.mark.parametrize("email", PEOPLE)
def test_every_page_that_a_role_can_reach(visitor: Visitor, crawl: Crawl, email: str) -> None:
    if email:
        visitor.log_in(email, PASSWORD)
        visitor.press("Nederlands")
    visits: dict[tuple[str, frozenset[str]], int] = {}
    to_do = ["/"]
    known = set(to_do)
    while to_do:
        path = to_do.pop(0)
        kind = crawl.kind(path)
        if kind is None or visits.get(kind, 0) >= MOST:
            continue
        visits[kind] = visits.get(kind, 0) + 1
        crawl.reached.add(kind[0])
        for link in look(visitor, path):
            if link not in known:
                known.add(link)
                to_do.append(link)
    assert visits


def look(visitor: Visitor, path: str) -> list[str]:
    """Look at the page in Dutch, wide and narrow, and read it in English; gives its links."""
    answer = visitor.context.request.get(visitor.address + path)
    assert answer.status == 200, (path, answer.status)
    if not answer.headers["content-type"].startswith("text/html"):
        assert answer.body(), path
        return []
    visitor.open(path)
    assert visitor.page.locator("html").get_attribute("lang") == "nl", path
    visitor.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    visitor.measure()
    assert visitor.faults() == [], f"{path} on a phone"
    visitor.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    html = answer.text()
    check_page(html, path)
    found = re.findall(r'<a[^>]* href="([^"#]+)', html.replace("&amp;", "&"))
    absolute = [urljoin(path, link) for link in found if not link.startswith(("mailto:", "tel:"))]
    return [link for link in absolute if not urlsplit(link).netloc]
