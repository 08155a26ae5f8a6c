"""The ledger of a round on screen and as files, and the page that changes its ceiling."""

import io
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import CeilingChange, Decision, LedgerLine, Round, User
from tests.conftest import MOMENT, QueryCount
from tests.factories import lower_ceiling, make_application, make_interest, make_round, make_user
from tests.pages import parse, words
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from tests.services.test_ledger import award
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]
TODAY = MOMENT.date().isoformat()
CHANGE = {
    "seen": "100000000",
    "cents": "1.200.000",
    "publication": "Staatscourant 2026, 456",
    "published_on": TODAY,
    "reason": "Er is extra geld.",
}


def english(role: Role) -> User:
    return make_user(role, locale="en")


def page_of(round_: Round, rest: str = "") -> str:
    return f"/bureau/ronden/{round_.slug}/plafond{rest}"


def remedied(scene: Scene, number: int) -> Decision:
    """Book an award after objection, outside the ceiling, as the service would."""
    old = db.session.query(Decision).filter_by(application_id=scene.applications[number].id).one()
    old.announced_at = old.replaced_at = MOMENT
    db.session.flush()
    new = Decision(
        application_id=old.application_id,
        round_id=old.round_id,
        outcome="awarded",
        amount_cents=TEN_THOUSAND + 5_000,
        motivation="Alsnog.",
        kind="remedy",
        replaces_id=old.id,
        reason="Het bezwaar is gegrond.",
        remedy_of="Bezwaar van 1 april 2026",
        proposed_by=scene.proposer.user_id,
        proposed_at=MOMENT,
        confirmed_by=scene.confirmer.user_id,
        confirmed_at=MOMENT,
        letter_sha256=old.letter_sha256,
    )
    db.session.add(new)
    db.session.flush()
    db.session.add(
        LedgerLine(round_id=old.round_id, decision_id=new.id, kind="outside", cents=5_000, booked_at=MOMENT)
    )
    db.session.flush()
    return new


class TestTheLedger:
    def test_it_tells_every_line_with_what_was_promised_after_it(self, as_user: LogIn) -> None:
        scene = make_scene((5, 4))
        for number, cents in ((0, TEN_THOUSAND), (1, 400_000)):
            scene.confirm(award(scene, number, cents))
        answer = as_user(english(Role.FINANCE)).get(page_of(scene.round))
        tree = parse(answer.text)
        rows = [words(row) for body in tree.iter("tbody") for row in body.iter("tr")]
        assert len(rows) == 2
        assert "€\N{NO-BREAK SPACE}4.000" in rows[1] or "4,000" in rows[1]
        assert "14,000" in rows[1] or "14.000" in rows[1]
        assert "The ledger adds up" in answer.text
        assert "Outside the ceiling" not in answer.text
        picture = next(
            one.get("src") or "" for one in tree.iter("img") if "grafiek" in (one.get("src") or "")
        )
        drawn = as_user(Role.AUDITOR).get(picture)
        assert drawn.status_code == 200
        assert drawn.data.lstrip().startswith(b"<svg")
        drawn.close()

    def test_what_came_free_names_the_decision_that_freed_it(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        scene.confirm(award(scene, 0, TEN_THOUSAND))
        old = db.session.query(Decision).one()
        old.announced_at = old.replaced_at = MOMENT
        db.session.flush()
        db.session.add(
            Decision(
                application_id=old.application_id,
                round_id=old.round_id,
                outcome="withdrawn",
                motivation="Op verzoek.",
                kind="withdrawal",
                replaces_id=old.id,
                reason="De aanvrager vroeg erom.",
                proposed_by=scene.proposer.user_id,
                proposed_at=MOMENT,
                confirmed_by=scene.confirmer.user_id,
                confirmed_at=MOMENT,
                letter_sha256=old.letter_sha256,
            )
        )
        db.session.add(
            LedgerLine(
                round_id=old.round_id,
                decision_id=old.id,
                kind="released",
                cents=-TEN_THOUSAND,
                booked_at=MOMENT,
            )
        )
        db.session.flush()
        tree = parse(as_user(english(Role.FINANCE)).get(page_of(scene.round)).text)
        given, freed = [words(row) for body in tree.iter("tbody") for row in body.iter("tr")]
        assert "First decision" in given
        assert "De aanvrager vroeg erom." not in given
        assert "Withdrawal" in freed
        assert "De aanvrager vroeg erom." in freed

    def test_what_stands_outside_the_ceiling_is_told_apart(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        scene.confirm(award(scene, 0))
        remedied(scene, 0)
        page = as_user(english(Role.AUDITOR)).get(page_of(scene.round)).text
        assert "Bezwaar van 1 april 2026" in page
        assert "Het bezwaar is gegrond." in page
        assert page.count("<tbody") == 2
        assert scene.round.promised_cents == TEN_THOUSAND

    def test_it_says_when_the_ledger_does_not_add_up(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        taken = scene.confirm(award(scene, 0))
        db.session.add(
            LedgerLine(
                round_id=scene.round.id, decision_id=taken.id, kind="promised", cents=1, booked_at=MOMENT
            )
        )
        db.session.flush()
        assert "does not add up" in as_user(english(Role.OFFICER)).get(page_of(scene.round)).text

    def test_history_is_said_to_be_elsewhere(self, as_user: LogIn) -> None:
        round_ = make_round(state="decided")
        db.session.add(
            Decision(
                application_id=make_application(round_, "awarded").id,
                round_id=round_.id,
                outcome="awarded",
                amount_cents=1,
                imported=True,
                proposed_at=MOMENT,
            )
        )
        page = as_user(english(Role.FINANCE)).get(page_of(round_)).text
        assert "not in the ledger" in page
        assert "Nothing was booked yet" in page

    @pytest.mark.parametrize("scores", [(5,), (5, 4, 3)])
    def test_the_list_costs_the_same_for_one_and_for_three(
        self, as_user: LogIn, count_queries: type[QueryCount], scores: tuple[int, ...]
    ) -> None:
        scene = make_scene(scores)
        for number in range(len(scores)):
            scene.confirm(award(scene, number))
        client = as_user(english(Role.FINANCE))
        client.get(page_of(scene.round))
        with count_queries() as queries:
            assert client.get(page_of(scene.round)).status_code == 200
        assert queries.count == 11

    def test_a_long_ledger_is_paged_and_keeps_its_balance(
        self, as_user: LogIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("subsidy.services.ledger_lines.PAGE", 2)
        scene = make_scene((5, 4, 3))
        for number in range(3):
            scene.confirm(award(scene, number))
        client = as_user(english(Role.OFFICER))
        first = client.get(page_of(scene.round)).text
        further = first.split('rel="next" href="')[1].split('"')[0]
        second = client.get(further).text
        assert second.count("data-label=") == 6
        assert "30,000" in second
        assert 'rel="next"' not in second

    def test_the_files_hold_every_line(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        scene.confirm(award(scene, 0))
        remedied(scene, 0)
        client = as_user(Role.FINANCE)
        lines = client.get(page_of(scene.round, "/regels.csv")).text.splitlines()
        assert lines[0].endswith("booked_at,confirmed_by,reason,remedy_of")
        assert [line.split(",")[4:7] for line in lines[1:]] == [
            ["promised", "1000000", "1000000"],
            ["outside", "5000", "5000"],
        ]
        book = client.get(page_of(scene.round, "/regels.xlsx"))
        with zipfile.ZipFile(io.BytesIO(book.data)) as archive:
            told = archive.read("xl/sharedStrings.xml").decode()
        assert "Bezwaar van 1 april 2026" in told

    @pytest.mark.parametrize("rest", ["", "/regels.csv", "/regels.xlsx", "/wijzigen"])
    @pytest.mark.parametrize("role", [Role.OFFICER, Role.FINANCE, Role.AUDITOR])
    def test_who_has_an_interest_in_the_round_sees_none_of_it(
        self, as_user: LogIn, role: Role, rest: str
    ) -> None:
        scene = make_scene((5,))
        user = make_user(role)
        make_interest(scene.applications[0], user)
        assert as_user(user).get(page_of(scene.round, rest)).status_code == 404


class TestTheCeiling:
    def test_a_raise_shows_in_the_history_and_to_everybody(self, as_user: LogIn) -> None:
        round_ = make_round()
        client = as_user(english(Role.OFFICER))
        assert client.post(page_of(round_, "/wijzigen"), data=CHANGE).status_code == 303
        assert client.post(page_of(round_, "/wijzigen"), data=CHANGE).status_code == 303
        db.session.refresh(round_)
        assert round_.ceiling_cents == 120_000_000
        assert db.session.query(CeilingChange).count() == 1
        page = client.get(page_of(round_, "/wijzigen")).text
        assert "Er is extra geld." in page
        assert "Published on or after the day on which the round opened" in page
        public = client.get(f"/ronden/{round_.slug}").text
        assert "The ceiling was raised" in public
        assert "Staatscourant 2026, 456" in public

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"cents": ""}, "Fill in the new ceiling."),
            ({"publication": " "}, "Fill in where the change was published."),
            ({"published_on": "morgen"}, "Write a date"),
            ({"published_on": "2026-03-11"}, "A change counts from its publication"),
            ({"reason": ""}, "Say why the ceiling changes."),
            ({"cents": "1.000.000"}, "the round already has"),
            ({"cents": "500.000"}, "all three conditions"),
            ({"cents": "500.000", "conditions": "foretold"}, "all three conditions"),
            ({"cents": "500.000", "conditions": "anything"}, "Choose from the list."),
            ({"seen": "1"}, "Somebody else changed the ceiling"),
            ({"seen": "x"}, "Somebody else changed the ceiling"),
        ],
    )
    def test_what_is_refused_stays_on_the_page(
        self, as_user: LogIn, change: dict[str, str], said: str
    ) -> None:
        round_ = make_round()
        make_application(round_)
        answer = as_user(english(Role.OFFICER)).post(page_of(round_, "/wijzigen"), data=CHANGE | change)
        assert answer.status_code == 422
        assert said in answer.text
        assert (change.get("reason") == "") or "Er is extra geld." in answer.text
        db.session.refresh(round_)
        assert round_.ceiling_cents == 100_000_000

    def test_a_closed_round_shows_its_changes_and_takes_none(self, as_user: LogIn) -> None:
        round_ = make_round()
        lower_ceiling(round_, 90_000_000)
        round_.state = "decided"
        client = as_user(english(Role.OFFICER))
        page = client.get(page_of(round_, "/wijzigen")).text
        assert "Minder geld." in page
        assert 'name="cents"' not in page
        assert (
            client.post(page_of(round_, "/wijzigen"), data=CHANGE | {"seen": "90000000"}).status_code == 422
        )

    def test_finance_reads_and_does_not_change(self, as_user: LogIn) -> None:
        round_ = make_round()
        client = as_user(english(Role.FINANCE))
        assert "/wijzigen" not in client.get(page_of(round_)).text
        assert client.post(page_of(round_, "/wijzigen"), data=CHANGE).status_code == 404
