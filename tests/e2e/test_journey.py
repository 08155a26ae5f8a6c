"""One application, from a new account to a downloaded decision and the statistics, in a real browser.

Everything that a person does is done through the pages, by the worker what a worker does. The months that
lie between are passed by the office, which sets the phase of the round by hand.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e import applying, handling, reviewing
from tests.e2e.conftest import PASSWORD
from tests.e2e.visitor import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.e2e


class Company:
    """The people of the journey, each at a browser of their own; they come in when they are needed."""

    def __init__(self, browser: Browser, address: str, size: tuple[int, int]) -> None:
        self.browser = browser
        self.address = address
        self.size = size
        self.here: dict[str, Visitor] = {}

    def guest(self, name: str, *, scripts: bool = True) -> Visitor:
        """Somebody without an account yet."""
        self.here[name] = Visitor(self.browser, self.address, self.size, scripts=scripts)
        return self.here[name]

    def __getitem__(self, name: str) -> Visitor:
        """Somebody of the office, logged in."""
        if name not in self.here:
            self.guest(name).log_in(f"{name}@office.example", PASSWORD)
        return self.here[name]

    def close(self) -> None:
        """Send everybody home."""
        for visitor in self.here.values():
            visitor.close()


@pytest.fixture
def people(request: pytest.FixtureRequest, browser: Browser, office: str) -> Iterator[Company]:
    company = Company(browser, office, getattr(request, "param", DESKTOP))
    yield company
    company.close()


@pytest.mark.parametrize(
    ("people", "slug"),
    [(DESKTOP, "netwerk-1"), (PHONE, "netwerk-2")],
    indirect=["people"],
    ids=["desktop", "phone"],
)
def test_from_a_new_account_to_a_decision_and_statistics(people: Company, slug: str, tmp_path: Path) -> None:
    officer = people["officer"]
    handling.make_round(officer, slug)

    applicant, email = people.guest("applicant"), f"new-{slug}@region.example"
    applying.register(applicant, slug, email)
    applying.fill_in(applicant, slug, tmp_path)
    reference = applying.submit(applicant)
    applying.wait_for_mail(applicant, email, reference, "Attached:")

    handling.set_phase(officer, slug, "Closed, being checked")
    handling.ask_supplement(officer, reference)
    applying.supply(applicant, reference, email, tmp_path)
    handling.find_eligible(officer, reference)

    handling.set_phase(officer, slug, "In review")
    reviewers = ["reviewer1", "reviewer2", "reviewer3"]
    asked = [(name.title(), f"{name}@office.example") for name in reviewers]
    reviewing.ask_people(officer, slug, asked, "Referent")
    for name in reviewers:
        reviewing.accept(people[name], f"Networks, {slug}")
    handling.assign(officer, slug, reference, ["reviewer1", "reviewer2"])
    title = f"{reference}: {applying.PROJECT}"
    reviewing.declare_an_interest(people["reviewer1"], title)
    handling.replace(officer, slug, reference, "reviewer3")
    reviewing.review(people["reviewer2"], title, 4)
    reviewing.review(people["reviewer3"], title, 3)

    handling.send_reports(officer, slug, reference)
    applying.answer_the_reports(applicant, reference, email)

    handling.set_phase(officer, slug, "Before the committee")
    handling.advise(officer, slug, reference)
    digest = handling.propose(officer, slug, reference)
    handling.confirm(people["second"], slug, reference, digest)
    handling.send(officer, slug)
    applying.read_the_decision(applicant, reference, email, digest)

    handling.close_round(officer, slug)
    handling.evaluate(people["evaluator"], slug, reference)


def test_an_applicant_needs_no_scripts(people: Company, tmp_path: Path) -> None:
    handling.make_round(people["officer"], "netwerk-3")
    applicant, email = people.guest("applicant", scripts=False), "no-scripts@region.example"
    applying.register(applicant, "netwerk-3", email)
    applying.fill_in(applicant, "netwerk-3", tmp_path)
    applying.wait_for_mail(applicant, email, applying.submit(applicant), "Attached:")
