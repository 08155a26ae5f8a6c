"""Every page of the demo, as each role comes to it by links: in Dutch at two widths, and in English."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from subsidy.app import create_app
from subsidy.cli.demo.awarding import CONFIRMER
from subsidy.cli.demo.people import PASSWORD, SHOWN
from subsidy.cli.demo.pool import COMMITTEE
from tests.conftest import settings_for
from tests.e2e.visitor import DESKTOP, PHONE, Visitor
from tests.pages import check_page
from workflows.permissions import Role

pytestmark = pytest.mark.e2e

# Nobody in particular, one person of each role, the officer who confirms, and members of the committee: one
# whose file is open, and one with an interest. Who can do most on a page comes to it first.
FIRST = (Role.OFFICER, Role.CHAIR)
ONE_EACH = {person.role: person.email for person in reversed(SHOWN)}
OTHERS = (CONFIRMER, COMMITTEE[0], COMMITTEE[-1])
ALSO = [person.email for person in SHOWN if person.key in OTHERS]
PEOPLE = ["", *(ONE_EACH[role] for role in sorted(ONE_EACH, key=lambda role: role not in FIRST)), *ALSO]
# Of pages that differ only in the thing that they show: how many each role reads, and looks at, and how many
# are looked at in all.
MOST_READ, MOST_LOOKED_AT, MOST_IN_ALL = 12, 2, 4
# What no link of the demo leads to: pages that a mail or a form leads to, what scripts ask while somebody
# types, waits or meets, pictures that nobody placed, the term of who waits for a decision and of a round in
# which it comes later, letters of which nobody was told, a supplement, a rebuttal and a hearing that nobody
# was asked on paper, and addresses for machines.
ELSEWHERE = [
    "account.confirm",
    "account.mail_sent",
    "account.reset",
    "account.signature_picture",
    "administration.letterhead_logo",
    "administration.letterhead_versions",
    "administration.signature_picture",
    "applicant.decision_term",
    "applicant.earlier",
    "applicant.organisations",
    "invitations.accept",
    "invitations.show",
    "office.assignment_progress",
    "office.delay_progress",
    "office.delay_run",
    "office.enter_supplement",
    "office.hearing_on_paper",
    "office.mail_run_progress",
    "office.next_letter",
    "office.proposal_progress",
    "office.rebuttal_on_paper",
    "office.scenarios_pdf",
    "office.sending_progress",
    "office.unsent",
    "panel.item_part",
    "panel.meeting_part",
    "panel.standing",
    "public.genuine_one",
    "public.health",
    "public.schema",
    "reviewer.invitation",
]

Kind = tuple[str, frozenset[str]]


@dataclass
class Crawl:
    """What was seen, over all roles, and what was wrong with it."""

    addresses: MapAdapter
    reached: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)
    looks: Counter[Kind] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def kind(self, path: str) -> Kind:
        """Which page an address shows, and with which parameters; HTTPException when it is none."""
        parts = urlsplit(path)
        endpoint, _values = self.addresses.match(parts.path, method="GET")
        return endpoint, frozenset(dict(parse_qsl(parts.query)))

    def follow_all(self, visitor: Visitor) -> list[str]:
        """Look at every kind of page that this visitor can reach; gives the pages that nobody had seen."""
        read: Counter[Kind] = Counter()
        most = {kind: min(done + MOST_LOOKED_AT, MOST_IN_ALL) for kind, done in self.looks.items()}
        to_do, pages = ["/"], []
        known = set(to_do)
        for path in to_do:
            try:
                kind = self.kind(path)
            except (HTTPException, RequestRedirect) as error:
                self.faults.append(f"a link to {path}: {error}")
                continue
            if kind[0] == "static" or read[kind] >= MOST_READ:
                continue
            read[kind] += 1
            self.reached.add(kind[0])
            html = self.fetch(visitor, path)
            if html is None:
                continue
            if self.looks[kind] < most.get(kind, MOST_LOOKED_AT) and self.is_new(html):
                self.looks[kind] += 1
                pages.append(path)
                self.look(visitor, path)
            new = [link for link in links(html, path) if link not in known]
            known |= set(new)
            to_do += new
        return pages

    def fetch(self, visitor: Visitor, path: str) -> str | None:
        """The text of a page; None for a file, or for what does not answer."""
        answer = visitor.context.request.get(visitor.address + path)
        if answer.status != 200 or not answer.body():
            self.faults.append(f"{path}: {answer.status}, {len(answer.body())} bytes")
            return None
        return answer.text() if answer.headers["content-type"].startswith("text/html") else None

    def is_new(self, html: str) -> bool:
        """Whether no other role was shown the same content: theirs differs in the menu alone."""
        content = re.sub(r'name="csrf_token"[^>]*', "", html[html.index("<main") : html.index("</main>")])
        known = content in self.contents
        self.contents.add(content)
        return not known

    def look(self, visitor: Visitor, path: str) -> None:
        """Look at a page in the language of the visitor, wide and narrow."""
        for size in (DESKTOP, PHONE):
            visitor.resize(size)
            try:
                if size == DESKTOP:
                    visitor.open(path)
                else:
                    visitor.look()
            except AssertionError as error:
                self.faults.append(f"{path} at {size}: {error}")
                visitor.complaints.clear()

    def read(self, visitor: Visitor, path: str, language: str) -> None:
        """Read a page on a phone, and check its frame and its language."""
        html = self.fetch(visitor, path) or ""
        try:
            check_page(html, path)
            assert f'<html lang="{language}">' in html, f"{path} is not in {language}"
            visitor.page.goto(visitor.address + path)
            visitor.measure()
        except AssertionError as error:
            self.faults.append(f"{path} in {language}: {error}")


def links(html: str, path: str) -> list[str]:
    """The links of a page to pages of ours, without the place inside the page; charts too."""
    found = re.findall(r'<(?:a|img)\b[^>]* (?:href|src)="([^"#]+)', html.replace("&amp;", "&"))
    ours = [link for link in found if not link.startswith(("mailto:", "tel:", "http"))]
    return list(dict.fromkeys(urljoin(path, link) for link in ours))


def test_every_page_that_a_role_can_reach(browser: Browser, demo: str, tmp_path: Path) -> None:
    addresses = create_app(settings_for(tmp_path, "sqlite://")).url_map
    crawl = Crawl(addresses.bind("localhost"))
    for email in PEOPLE:
        visitor = Visitor(browser, demo)
        if email:
            visitor.log_in(email, PASSWORD)
            visitor.press("Nederlands")
        pages = crawl.follow_all(visitor)
        visitor.open("/")
        visitor.press("English")
        for path in pages:
            crawl.read(visitor, path, "en")
        visitor.close()
    assert crawl.faults == []
    readable = {rule.endpoint for rule in addresses.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(readable - crawl.reached - {"static"}) == ELSEWHERE
