"""Ranking, proposals, confirmation and announcement, through the pages that officers use."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from subsidy import jobs
from subsidy.db import db
from subsidy.models import Application, Decision, PanelAdvice, Round, User
from subsidy.services import decisions, file_store
from tests.conftest import MOMENT, Clock, QueryCount
from tests.factories import (
    declare,
    give_mandate,
    hear,
    lower_ceiling,
    make_application,
    make_review,
    make_round,
    make_user,
)
from tests.pages import parse, words
from tests.services.rounds import TEN_THOUSAND, Scene, make_scene
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]
DAY = "2026-03-17"


def text(answer: TestResponse) -> str:
    """All words of a page."""
    return words(parse(answer.get_data(as_text=True)))


def rows(answer: TestResponse) -> list[str]:
    """The rows of the tables of a page, as words."""
    tree = parse(answer.get_data(as_text=True))
    return [words(row) for body in tree.iter("tbody") for row in body.iter("tr")]


def officer_of(scene: Scene, *, second: bool = False) -> User:
    actor = scene.confirmer if second else scene.proposer
    user = db.session.get_one(User, actor.user_id)
    user.locale = "en"  # these tests read the words of the sources
    return user


def url(application: Application, rest: str = "") -> str:
    return f"/bureau/aanvragen/{application.id}/besluit{rest}"


def typed(**changes: str) -> dict[str, str]:
    plain = {
        "outcome": "rejected",
        "ground": "below_threshold",
        "motivation": "Te weinig samenwerking.",
        "departure": "De commissie weegt anders.",
        "announce_on": DAY,
    }
    return plain | changes


def current(application: Application) -> Decision:
    found = decisions.get_current(application)
    db.session.refresh(found)
    return found


def panel_round() -> tuple[Round, Application]:
    """A round that goes before a committee, with one reviewed application."""
    past = {"opens_at": MOMENT - timedelta(days=60), "closes_at": MOMENT - timedelta(days=20)}
    round_ = make_round("netwerk", **past)
    application = make_application(round_, "in_review", submitted_at=MOMENT - timedelta(days=30))
    make_review(application, score=4)
    return round_, application


class TestTheRanking:
    def test_shows_order_money_and_where_it_ends(self, as_user: LogIn) -> None:
        scene = make_scene((5, 4, 3, 1), ceiling_cents=1_400_000)
        page = as_user(officer_of(scene)).get(f"/bureau/ronden/{scene.round.slug}/ranglijst")
        names = [one.reference or "" for one in scene.applications]
        found = rows(page)
        assert [row.split()[0 if row.startswith("Ceiling") else 1] for row in found] == [
            names[0],
            names[1],
            "Ceiling",
            names[2],
            names[3],
        ]
        assert found[2] == ("Ceiling € 14,000: the division gives € 14,000 above this line, € 0 is left")
        assert "€ 20,000 Partial award € 4,000 the ceiling was reached" in found[1]
        assert "€ 30,000 Reserve place" in found[3]
        assert "\N{EN DASH} Rejection below the threshold of Quality" in found[4]

    def test_without_applications_says_so(self, as_user: LogIn) -> None:
        scene = make_scene(())
        page = as_user(officer_of(scene)).get(f"/bureau/ronden/{scene.round.slug}/ranglijst")
        assert page.status_code == 200
        assert rows(page) == []

    def test_turns_over_after_a_hundred(self, as_user: LogIn) -> None:
        scene = make_scene(())
        for _number in range(103):
            make_application(scene.round, "in_review", submitted_at=MOMENT - timedelta(days=30))
        client = as_user(officer_of(scene))
        here = f"/bureau/ronden/{scene.round.slug}/ranglijst"
        first = client.get(here)
        links = [one.get("href") for one in parse(first.get_data(as_text=True)).iter("a")]
        (further,) = [one for one in links if one and "na=" in one]
        second = client.get(further)
        assert (len(rows(first)), len(rows(second))) == (101, 3)
        assert client.get(f"{here}?na=onbekend").status_code == 404

    def test_a_conflict_in_the_round_hides_it(self, as_user: LogIn) -> None:
        scene = make_scene((5, 4))
        officer = make_user(Role.OFFICER)
        make_review(scene.applications[0], officer, declared_at=MOMENT, conflict="Familie.", position=1)
        client = as_user(officer)
        assert client.get(f"/bureau/ronden/{scene.round.slug}/ranglijst").status_code == 404
        assert client.get(f"/bureau/ronden/{scene.round.slug}/besluiten").status_code == 404
        assert client.get(url(scene.applications[1])).status_code == 404

    @pytest.mark.parametrize("page", ["ranglijst", "besluiten"])
    def test_a_longer_list_asks_no_more_queries(
        self, as_user: LogIn, count_queries: Callable[[], QueryCount], page: str
    ) -> None:
        counted = []
        for scores in ((5,), (5, 4, 3)):
            scene = make_scene(scores)
            client = as_user(officer_of(scene))
            for application in scene.applications:
                client.post(url(application, "/voorstel"), data=typed())
            here = f"/bureau/ronden/{scene.round.slug}/{page}"
            client.get(here)
            with count_queries() as queries:
                client.get(here)
            counted.append(queries.count)
        expected = {"ranglijst": 15, "besluiten": 12}[page]
        assert counted == [expected, expected]


class TestProposing:
    def test_the_form_begins_with_the_division_and_the_reports(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        page = as_user(officer_of(scene)).get(url(scene.applications[0], "/voorstel"))
        tree = parse(page.get_data(as_text=True))
        values = {
            one.get("name"): one.get("value") for one in tree.iter("input") if one.get("type") != "radio"
        }
        assert (values["amount"], values["starts_on"], values["announce_on"]) == (
            "10,000",
            "2026-04-01",
            DAY,
        )
        areas = {one.get("name"): words(one) for one in tree.iter("textarea")}
        assert areas["reason-kwaliteit"] == "Redenen bij kwaliteit."

    def test_a_refusal_keeps_what_was_typed(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        client = as_user(officer_of(scene))
        answer = client.post(url(scene.applications[0], "/voorstel"), data=typed(departure=""))
        assert answer.status_code == 422
        assert "Te weinig samenwerking." in answer.get_data(as_text=True)
        assert "This differs from the advice" in text(answer)
        assert decisions.find_current(scene.applications[0]) is None

    def test_a_letter_that_cannot_be_written_is_told_at_once(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        client = as_user(officer_of(scene))
        answer = client.post(url(scene.applications[0], "/voorstel"), data=typed(ground="max_awards"))
        assert answer.status_code == 422
        assert "The letter cannot be written yet" in text(answer)
        assert decisions.find_current(scene.applications[0]) is None

    def test_a_double_click_proposes_once(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        client = as_user(officer_of(scene))
        for _click in range(2):
            answer = client.post(url(scene.applications[0], "/voorstel"), data=typed())
            assert (answer.status_code, answer.location) == (303, url(scene.applications[0]))
        assert len(db.session.scalars(select(Decision)).all()) == 1

    def test_a_chair_sees_the_ranking_and_proposes_nothing(self, as_user: LogIn) -> None:
        scene = make_scene((5,))
        client = as_user(Role.CHAIR)
        assert client.get(f"/bureau/ronden/{scene.round.slug}/ranglijst").status_code == 200
        assert client.get(f"/bureau/ronden/{scene.round.slug}/besluiten/voorstellen").status_code == 404
        assert client.get(url(scene.applications[0], "/voorstel")).status_code == 404


class TestTheSecondOfficer:
    @pytest.fixture
    def scene(self, as_user: LogIn) -> Scene:
        """One award, proposed through the page, its letter drawn by the worker."""
        scene = make_scene((5,))
        client = as_user(officer_of(scene))
        award = typed(outcome="awarded", ground="", amount="10.000", starts_on="2026-04-01", departure="")
        client.post(url(scene.applications[0], "/voorstel"), data=award)
        assert jobs.drain_here(300) == 1
        return scene

    def test_reads_the_very_bytes_and_confirms_them(self, scene: Scene, as_user: LogIn) -> None:
        (application,) = scene.applications
        client = as_user(officer_of(scene, second=True))
        decision = current(application)
        page = client.get(url(application))
        assert decision.letter_sha256 in text(page)
        letter = client.get(f"{url(application)}en/{decision.id}/brief.pdf", buffered=True)
        assert letter.mimetype == "application/pdf"
        assert letter.data == file_store.read(decision.letter_sha256 or "")
        fields = {"letter_sha256": decision.letter_sha256}
        unread = client.post(url(application, "/bevestigen"), data=fields)
        assert unread.status_code == 422
        assert "tick that you did" in text(unread)
        for _click in range(2):
            answer = client.post(url(application, "/bevestigen"), data={**fields, "read": "y"})
            assert (answer.status_code, answer.location) == (303, url(application))
        assert current(application).confirmed_at == MOMENT
        assert scene.round.promised_cents == TEN_THOUSAND
        assert "confirmed already" in text(client.get(url(application)))

    def test_is_not_the_first(self, scene: Scene, as_user: LogIn) -> None:
        (application,) = scene.applications
        client = as_user(officer_of(scene))
        page = client.get(url(application))
        assert "Confirm the decision" not in text(page)
        fields = {"letter_sha256": current(application).letter_sha256, "read": "y"}
        assert client.post(url(application, "/bevestigen"), data=fields).status_code == 404
        assert current(application).confirmed_at is None

    def test_hears_that_the_ceiling_is_full(self, scene: Scene, as_user: LogIn) -> None:
        (application,) = scene.applications
        lower_ceiling(scene.round, TEN_THOUSAND - 1)
        db.session.commit()
        client = as_user(officer_of(scene, second=True))
        fields = {"letter_sha256": current(application).letter_sha256, "read": "y"}
        answer = client.post(url(application, "/bevestigen"), data=fields)
        assert answer.status_code == 422
        assert "does not fit under the ceiling any more: € 10,000 is asked" in text(answer)
        assert current(application).confirmed_at is None
        assert application.state == "in_review"

    def test_sends_back_with_a_reason(self, scene: Scene, as_user: LogIn) -> None:
        (application,) = scene.applications
        client = as_user(officer_of(scene, second=True))
        assert client.post(url(application, "/terugsturen"), data={"reason": ""}).status_code == 422
        answer = client.post(
            url(application, "/terugsturen"), data={"reason": "De naam klopt niet."}, follow_redirects=True
        )
        assert "De naam klopt niet." in text(answer)
        assert decisions.find_current(application) is None

    def test_checks_the_stored_letter_and_a_copy(self, scene: Scene, as_user: LogIn) -> None:
        (application,) = scene.applications
        client = as_user(officer_of(scene, second=True))
        decision = current(application)
        here = f"{url(application)}en/{decision.id}/controle"
        pdf = file_store.path_of(decision.letter_sha256 or "")
        with pdf.open("rb") as copy:
            answer = client.post(here, data={"copy": (copy, "brief.pdf")}, follow_redirects=True)
        assert "byte for byte" in text(answer)
        other = client.post(f"{url(application)}en/{decision.id + 1}/controle")
        assert other.status_code == 404

    def test_renews_after_the_date_went_by(self, scene: Scene, as_user: LogIn, clock: Clock) -> None:
        (application,) = scene.applications
        clock.now = MOMENT + timedelta(days=8)
        client = as_user(officer_of(scene, second=True))
        assert "has passed" in text(client.get(url(application)))
        fields = {"letter_sha256": current(application).letter_sha256, "read": "y"}
        late = client.post(url(application, "/bevestigen"), data=fields)
        assert late.status_code == 422
        past = client.post(url(application, "/vernieuwen"), data={"announce_on": DAY})
        assert past.status_code == 422
        answer = client.post(url(application, "/vernieuwen"), data={"announce_on": "2026-03-24"})
        assert answer.status_code == 303
        assert current(application).announce_on == date(2026, 3, 24)

    def test_sends_the_letters_of_today(self, scene: Scene, as_user: LogIn, clock: Clock) -> None:
        (application,) = scene.applications
        client = as_user(officer_of(scene, second=True))
        fields = {"letter_sha256": current(application).letter_sha256, "read": "y"}
        client.post(url(application, "/bevestigen"), data=fields)
        clock.now = MOMENT + timedelta(days=7, hours=-3)
        here = f"/bureau/ronden/{scene.round.slug}/besluiten"
        assert "Send 1 letter now" in text(client.get(here))
        assert client.post(here.replace("besluiten", "brieven/verzenden/nu")).status_code == 303
        jobs.drain_here(300)
        assert current(application).announced_at == clock.now
        assert "1 of 1 notifications sent" in text(client.get(here))
        assert "Everything is announced." in text(client.get(here))

    def test_records_a_letter_that_was_posted(self, scene: Scene, as_user: LogIn, clock: Clock) -> None:
        (application,) = scene.applications
        for membership in list(application.members):
            db.session.delete(membership)
        db.session.commit()
        client = as_user(officer_of(scene, second=True))
        fields = {"letter_sha256": current(application).letter_sha256, "read": "y"}
        client.post(url(application, "/bevestigen"), data=fields)
        clock.now = MOMENT + timedelta(days=7)
        assert "I posted the letter today" in text(client.get(url(application)))
        here = f"/bureau/ronden/{scene.round.slug}/besluiten"
        assert "I posted 1 letter today" in text(client.get(here))
        for _click in range(2):
            assert client.post(url(application, "/gepost")).status_code == 303
        assert current(application).announced_at == clock.now
        answer = client.post(f"{here}/gepost", follow_redirects=True)
        assert "0 letters are recorded as posted." in text(answer)


class TestAdvice:
    def test_goes_before_the_mean_and_makes_advised(self, as_user: LogIn) -> None:
        round_ = make_round(
            "netwerk", opens_at=MOMENT - timedelta(days=60), closes_at=MOMENT - timedelta(days=20)
        )
        application = make_application(round_, "in_review", submitted_at=MOMENT - timedelta(days=30))
        make_review(application, score=4)
        hear(application)
        chair = make_user(role=Role.CHAIR, locale="en")
        client = as_user(chair)
        here = f"/bureau/aanvragen/{application.id}/advies"
        assert client.get(here).status_code == 200
        undeclared = client.post(here, data={"reason": "Sterk plan."})
        assert undeclared.status_code == 422
        assert application.state == "in_review"
        declare(chair, round_)
        db.session.commit()
        outside = client.post(here, data={"agreed-kwaliteit": "6", "reason": "Sterk plan."})
        assert outside.status_code == 422
        assert client.post(here, data={"agreed-kwaliteit": "5"}).status_code == 422
        good = {"agreed-kwaliteit": "5", "priority": "1", "reason": "Sterk plan."}
        unreasoned = client.post(here, data=good)
        assert unreasoned.status_code == 422
        assert 'id="agreed-reason-kwaliteit-error"' in unreasoned.text
        good["agreed-reason-kwaliteit"] = "De planning overtuigt meer dan gedacht."
        assert client.post(here, data=good).status_code == 303
        assert application.state == "advised"
        assert client.post(here, data={**good, "agreed-kwaliteit": "4,5"}).status_code == 303
        stored = db.session.get_one(PanelAdvice, application.id)
        assert (stored.scores, stored.priority, stored.reason) == ({"kwaliteit": "4.5"}, 1, "Sterk plan.")
        stored.priority = 2  # moved in a meeting, after this page was opened
        db.session.commit()
        stale = {**good, "agreed-kwaliteit": "4,5", "reason": "Heel sterk.", "seen_priority": "1"}
        assert client.post(here, data=stale).status_code == 303
        assert (stored.priority, stored.reason) == (2, "Heel sterk.")
        assert client.post(here, data={**stale, "priority": "3"}).status_code == 409
        assert stored.priority == 2
        stored.priority = 1
        db.session.commit()
        other = make_application(round_, "in_review", submitted_at=MOMENT - timedelta(days=30))
        taken = client.post(f"/bureau/aanvragen/{other.id}/advies", data=good)
        assert taken.status_code == 422
        assert "has this place in the order already" in text(taken)

    def test_a_panel_round_is_not_awarded_without_it(self, as_user: LogIn) -> None:
        round_ = make_round(
            "netwerk", opens_at=MOMENT - timedelta(days=60), closes_at=MOMENT - timedelta(days=20)
        )
        application = make_application(round_, "in_review", submitted_at=MOMENT - timedelta(days=30))
        make_review(application, score=4)
        award = typed(outcome="awarded", ground="", amount="10.000", starts_on="2026-04-01", departure="")
        officer = make_user(role=Role.OFFICER, locale="en")
        declare(officer, round_)
        give_mandate(make_user(role=Role.OFFICER))
        answer = as_user(officer).post(url(application, "/voorstel"), data=award)
        assert answer.status_code == 422
        assert "The advice of the committee is needed first." in text(answer)
