"""Drawing of lots: what everybody can check, and what the office sees of it."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.models import Round, User
from subsidy.services import basis_gathering, proposing
from subsidy.services.decisions import basis_of
from subsidy.services.proposal import suggest
from tests.conftest import MOMENT, QueryCount
from tests.factories import make_application, make_round, make_user
from tests.services.rounds import Scene
from tests.services.test_competing import DAY, TEN_THOUSAND, make_line
from workflows.permissions import Role
from workflows.rules import Rules
from workflows.scoring import lot_of

AsUser = Callable[[User | Role], FlaskClient]
SEED = "zaad van 's-Gravenhage"


def make_lottery(states: tuple[str, ...] = ("eligible",) * 3, **rules: object) -> Scene:
    """A round in which all that came in on one day and asks the same is drawn by lot."""
    return make_line(
        states,
        **{"first_come_unit": "day", "tie_break": ("requested_asc", "lot"), "lot_seed": SEED, **rules},
    )


def law(round_: Round) -> Rules:
    return Rules.model_validate(round_.definition["rules"])


def english(client: FlaskClient) -> FlaskClient:
    with client.session_transaction() as session:
        session["locale"] = "en"
    return client


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return response.get_data(as_text=True)


class TestForEverybody:
    @pytest.fixture
    def round_(self, client: FlaskClient) -> Round:
        english(client)
        scene = make_lottery()
        db.session.commit()
        return scene.round

    def test_the_seed_and_the_recipe_are_there_and_the_round_leads_to_them(
        self, client: FlaskClient, round_: Round
    ) -> None:
        assert f"/ronden/{round_.slug}/loting" in page(client, f"/ronden/{round_.slug}")
        text = page(client, f"/ronden/{round_.slug}/loting")
        assert "zaad van &#39;s-Gravenhage" in text
        assert "| sha256sum" in text

    def test_the_lot_of_any_reference_whether_there_is_such_an_application_or_not(
        self, client: FlaskClient, round_: Round
    ) -> None:
        for reference in ("T-0001", "bestaat niet"):
            text = page(client, f"/ronden/{round_.slug}/loting?aanvraag={reference}")
            assert lot_of(law(round_), reference) in text
            shown = re.sub(re.escape(reference) + "|[0-9a-f]{64}", "", text)
            assert "Calculate a lot" in shown
            assert "does not exist" not in shown

    @pytest.mark.parametrize("typed", ["", "%20", "x" * 41])
    def test_what_is_no_reference_is_refused_and_kept(
        self, client: FlaskClient, round_: Round, typed: str
    ) -> None:
        text = page(client, f"/ronden/{round_.slug}/loting?aanvraag={typed}", 422)
        assert "error-summary" in text or "Error:" in text
        assert "The lot of" not in text
        if typed.startswith("x"):
            assert typed in text

    def test_a_round_without_lots_has_no_such_page(self, client: FlaskClient) -> None:
        round_ = make_round("regiobeeld")
        db.session.commit()
        assert f"/ronden/{round_.slug}/loting" not in page(client, f"/ronden/{round_.slug}")
        page(client, f"/ronden/{round_.slug}/loting", 404)

    def test_a_draft_says_nothing(self, client: FlaskClient) -> None:
        round_ = make_round("regiobeeld", state="draft")
        db.session.commit()
        assert client.get(f"/ronden/{round_.slug}/loting").status_code in {302, 404}


class TestForTheOffice:
    def test_all_lots_in_order_and_which_ties_they_decided(self, as_user: AsUser) -> None:
        scene = make_lottery()
        alone = make_application(
            scene.round,
            "eligible",
            requested_cents=TEN_THOUSAND - 1,
            submitted_at=scene.applications[0].submitted_at,
        )
        db.session.commit()
        client = as_user(make_user(Role.OFFICER, locale="en"))
        text = page(client, f"/bureau/ronden/{scene.round.slug}/loting")
        names = sorted(
            (one.reference or "" for one in scene.applications),
            key=lambda name: lot_of(law(scene.round), name),
        )
        places = [text.index(f">{name} <br>") for name in (alone.reference, *names)]
        assert places == sorted(places)
        assert text.count("Tie 1, of 3 applications") == 3
        only = page(client, f"/bureau/ronden/{scene.round.slug}/loting?toon=gelijk")
        assert f">{alone.reference} <br>" not in only
        assert only.count("Tie 1, of 3 applications") == 3
        assert f"/bureau/ronden/{scene.round.slug}/loting" in page(
            client, f"/bureau/ronden/{scene.round.slug}/ranglijst"
        )

    def test_pages_go_on_after_a_reference(self, as_user: AsUser, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("subsidy.views.office.lots.PAGE", 2)
        scene = make_lottery()
        db.session.commit()
        client = as_user(make_user(Role.OFFICER, locale="en"))
        url = f"/bureau/ronden/{scene.round.slug}/loting"
        first = page(client, url)
        (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
        second = page(client, following.replace("&amp;", "&"))
        assert (first.count("Tie 1"), second.count("Tie 1")) == (2, 1)
        page(client, f"{url}?na=onbekend", 404)

    def test_as_many_queries_for_one_as_for_three(
        self, as_user: AsUser, count_queries: Callable[[], QueryCount]
    ) -> None:
        one, three = make_lottery(("eligible",)), make_lottery()
        db.session.commit()
        client = as_user(Role.OFFICER)
        page(client, f"/bureau/ronden/{one.round.slug}/loting")
        with count_queries() as for_one:
            page(client, f"/bureau/ronden/{one.round.slug}/loting")
        with count_queries() as for_three:
            page(client, f"/bureau/ronden/{three.round.slug}/loting")
        assert for_one.count == for_three.count

    def test_a_round_without_lots_has_no_such_page(self, as_user: AsUser) -> None:
        round_ = make_round("regiobeeld")
        db.session.commit()
        client = as_user(Role.OFFICER)
        page(client, f"/bureau/ronden/{round_.slug}/loting", 404)
        assert "/loting" not in page(client, f"/bureau/ronden/{round_.slug}/ranglijst")


@pytest.mark.usefixtures("app")
def test_a_decision_keeps_the_lot_that_decided_its_place() -> None:
    scene = make_lottery(("eligible", "eligible"))
    user = make_user()
    alone = make_application(scene.round, "eligible", requested_cents=1, submitted_at=MOMENT, member=user)
    gathered = basis_gathering.gather(scene.round)
    assert gathered[alone.id].lot is None
    first = min(scene.applications, key=lambda one: lot_of(law(scene.round), one.reference or ""))
    decision = proposing.propose(
        first, suggest(gathered[first.id], announce_on=DAY), actor=scene.proposer, now=MOMENT
    )
    kept = basis_of(decision).lot
    assert kept is not None
    assert (kept.seed, kept.lot) == (SEED, lot_of(law(scene.round), first.reference or ""))
