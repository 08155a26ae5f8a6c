"""The example round from a compared scenario to its closing, with a withdrawal that moves the reserve up.

Everything is done on the pages, by the people who do it; the worker makes the letters. Who applied was told
by post, but for one, who has an account.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from subsidy import clock
from subsidy.data import FOLDER
from subsidy.db import db
from subsidy.models import Application, Decision, Membership, Round
from subsidy.services import accounts, round_file_import
from tests.e2e import awarding, handling
from tests.e2e.awarding import Beholder
from tests.e2e.conftest import PASSWORD, add_staff
from tests.e2e.house import House, email_of, opened
from workflows.permissions import SYSTEM, Access, Role

pytestmark = pytest.mark.e2e

SLUG = "regiobeeld-1"
FILE = FOLDER / "demo" / "regiobeeld-1.json"
PREFIX = "JZOJP-RB-"
TWENTE, TEXEL, HEERENVEEN, ASSEN = (f"{PREFIX}{number}" for number in ("008", "003", "005", "006"))
ACHTERHOEK = f"{PREFIX}007"
DEPARTURE = "Of the 6,000 euros that Texel asks, 1,000 are for printed matter, which this round does not pay."
GIVEN_BACK = "The collaboration wrote that it will not carry out its plan, and asks to withdraw the award."
MORE = "Money came free under the ceiling, and this application stood first."


class RoundHouse(House[Beholder]):
    """The house, and what stands in its only round."""

    kind = Beholder

    def decisions(self) -> list[Decision]:
        """Every decision of the round that was made known, in the order in which they were proposed."""
        with self.app.app_context():
            query = select(Decision).where(Decision.announced_at.is_not(None)).order_by(Decision.id)
            found = list(db.session.scalars(query))
            db.session.expunge_all()
            return found

    def round_(self) -> Round:
        """The round as it is now."""
        with self.app.app_context():
            found = db.session.scalars(select(Round)).one()
            db.session.expunge_all()
            return found


@pytest.fixture
def house(tmp_path: Path, browser: Browser) -> Iterator[RoundHouse]:
    """The example round to decide on, with two officers and somebody who administers."""
    with opened(RoundHouse, tmp_path, browser, _fill) as house:
        yield house


def _fill() -> None:
    now = clock.read()
    for name, role in {"officer": Role.OFFICER, "second": Role.OFFICER, "admin": Role.ADMINISTRATOR}.items():
        add_staff(name, role)
    applicant = accounts.create(
        email=email_of("applicant"), name="Applicant", password=PASSWORD, locale="en", now=now
    )
    round_file_import.import_round(FILE.read_bytes(), actor=SYSTEM, now=now)
    applied = db.session.scalars(select(Application).where(Application.reference == TWENTE)).one()
    applied.members.append(Membership(user_id=applicant.id, capacity=Access.LEAD.value))


def test_from_a_compared_scenario_to_a_closed_round(house: RoundHouse) -> None:
    officer, second = house["officer"], house["second"]
    awarding.give_mandate(house["admin"], "Second")
    for person in (officer, second):
        person.open(f"/bureau/ronden/{SLUG}/belangen/mijn")
        handling.declare(person)
    _try(house)
    awarding.propose_all(officer, SLUG, 10)
    awarding.depart(officer, SLUG, TEXEL, "5.000", DEPARTURE)
    _decide(house)
    _change(house)
    awarding.close(officer, SLUG)
    decisions = house.decisions()
    assert len(decisions) == 13
    for decision in decisions:
        awarding.ask_why(second, decision.application_id, decision.id)
    _add_up(house)


def _try(house: RoundHouse) -> None:
    """Compare a ceiling of 75,000 euros with the one of the round."""
    officer = house["officer"]
    awarding.make_scenario(officer, SLUG, "A higher ceiling", "75.000")
    officer.sees("A higher ceiling")
    awarding.make_scenario(officer, SLUG, "Half of it", "32.500")
    workbook = awarding.compare(officer, SLUG, "A higher ceiling", "Half of it")
    assert "A higher ceiling" in workbook
    assert ASSEN in workbook
    assert house.round_().ceiling_cents == 6_500_000


def _decide(house: RoundHouse) -> None:
    """Confirm three decisions one by one and seven as a batch, and make all of them known."""
    officer, second = house["officer"], house["second"]
    for reference in (TEXEL, HEERENVEEN, ACHTERHOEK):
        awarding.confirm_one(second, SLUG, reference)
    awarding.confirm_rest(second, SLUG, 7)
    awarding.make_known(officer, SLUG, by_post=9, by_mail=1)
    officer.open(f"/bureau/ronden/{SLUG}/plafond")
    assert awarding.figure(officer, "Promised now") == "€ 64,000"
    assert awarding.figure(officer, "Left") == "€ 1,000"
    house["applicant"].open("/aanvragen")
    house["applicant"].follow("Integrale Samenwerkingsagenda Twente")
    house["applicant"].sees("You get a subsidy of €\N{NO-BREAK SPACE}10,000.")


def _change(house: RoundHouse) -> None:
    """Take one award back, and give what comes free to who got a part and to who was first in reserve."""
    officer, second, applicant = house["officer"], house["second"], house["applicant"]
    awarding.withdraw(officer, SLUG, TWENTE, GIVEN_BACK)
    awarding.confirm_one(second, SLUG, TWENTE)
    awarding.make_known(officer, SLUG, by_post=0, by_mail=1)
    awarding.give_next(officer, SLUG, HEERENVEEN, "Propose a higher amount", MORE)
    awarding.give_next(officer, SLUG, ASSEN, "Propose to move up", MORE)
    for reference in (HEERENVEEN, ASSEN):
        awarding.confirm_one(second, SLUG, reference)
    awarding.make_known(officer, SLUG, by_post=2, by_mail=0)
    applicant.page.reload()
    applicant.look()
    applicant.sees(GIVEN_BACK)
    applicant.sees("You did not withdraw your application yourself.")


def _add_up(house: RoundHouse) -> None:
    """The ledger holds what was promised and what came free, and nothing else."""
    officer = house["officer"]
    officer.open(f"/bureau/ronden/{SLUG}/plafond")
    officer.sees("The ledger adds up")
    shown = {
        label: awarding.figure(officer, label) for label in ("Ceiling", "Promised now", "Came free", "Left")
    }
    assert shown == {
        "Ceiling": "€ 65,000",
        "Promised now": "€ 62,900",
        "Came free": "€ 19,100",  # what was withdrawn, and the part that a higher amount took the place of
        "Left": "€ 2,100",
    }
    held = [one.amount_cents for one in house.decisions() if one.replaced_at is None]
    assert sum(held) == house.round_().promised_cents == 6_290_000
