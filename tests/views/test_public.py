"""The front door: what everybody can read without an account."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from subsidy.data import FOLDER
from subsidy.db import db
from subsidy.models import User
from subsidy.views.blank_form import blank_form
from tests.conftest import Clock
from tests.factories import MOMENT, make_round
from workflows.kinds import KINDS, definition_for
from workflows.permissions import Role
from workflows.rules import Distribution, MunicipalitiesBySize, Rules, Scale
from workflows.snapshot import Domain

AsUser = Callable[[User | Role], FlaskClient]


def page(client: FlaskClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.get_data(as_text=True)


def in_english(client: FlaskClient) -> FlaskClient:
    with client.session_transaction() as session:
        session["locale"] = "en"
    return client


class TestRounds:
    def test_each_stands_where_the_clock_puts_it(self, client: FlaskClient, clock: Clock) -> None:
        in_english(client)
        make_round(title="Ronde A")
        db.session.commit()
        for moved, heading in ((-30, "Coming soon"), (0, "Open now"), (30, "Closed and being assessed")):
            clock.now = MOMENT + timedelta(days=moved)
            text = page(client, "/ronden")
            assert text.index(heading) < text.index("Ronde A")
            assert text.count("<section") == 1

    def test_a_decided_round_stays_to_be_found(self, client: FlaskClient) -> None:
        round_ = make_round(state="decided")
        db.session.commit()
        assert f"/ronden/{round_.slug}" in page(client, "/ronden")
        assert f"/ronden/{round_.slug}" not in page(client, "/")

    @pytest.mark.parametrize("ending", ["", "/formulier"])
    def test_a_draft_is_nowhere(self, client: FlaskClient, ending: str) -> None:
        round_ = make_round(state="draft")
        db.session.commit()
        for url in ("/", "/ronden"):
            assert round_.slug not in page(client, url)
        assert client.get(f"/ronden/{round_.slug}{ending}").status_code in {302, 404}

    def test_what_closes_first_comes_first(self, client: FlaskClient) -> None:
        later, sooner = make_round(), make_round(closes_at=MOMENT + timedelta(days=2))
        db.session.commit()
        text = page(client, "/")
        assert text.index(sooner.slug) < text.index(later.slug)

    def test_times_are_those_of_amsterdam(self, client: FlaskClient) -> None:
        make_round(closes_at=MOMENT)
        db.session.commit()
        assert "10 maart 2026, 10:30" in page(client, "/")

    @pytest.mark.parametrize("url", ["/", "/ronden"])
    def test_as_many_queries_for_one_round_as_for_three(
        self, client: FlaskClient, count_queries: Any, url: str
    ) -> None:
        make_round()
        db.session.commit()
        with count_queries() as for_one:
            page(client, url)
        for _ in range(2):
            make_round()
        db.session.commit()
        with count_queries() as for_three:
            page(client, url)
        assert (for_one.count, for_three.count) == (1, 1)


class TestOneRound:
    def test_everything_to_decide_whether_to_apply(self, client: FlaskClient) -> None:
        round_ = make_round("doorontwikkeling", ceiling_cents=150_000_000)
        db.session.commit()
        text = page(in_english(client), f"/ronden/{round_.slug}")
        for words in (
            "€\N{NO-BREAK SPACE}1,500,000",
            "€\N{NO-BREAK SPACE}75,000",
            "At least 4 different domains take part.",
            "Staatscourant 2026, 1",
            "29 January 2026",
            "Algemene wet bestuursrecht",
            "award from the top until the ceiling is reached",
            "30% of the total",
            "within 14 days",
            "within 6 weeks",
        ):
            assert words in text, words
        for criterion in KINDS["doorontwikkeling"].rules.criteria:
            for anchor in criterion.anchors:
                assert anchor.text.en in text

    def test_the_latest_day_of_a_decision_does_not_shift(self, client: FlaskClient) -> None:
        weeks = KINDS["netwerk"].terms.decision_weeks
        round_ = make_round()
        db.session.commit()
        last = (MOMENT + timedelta(days=20, weeks=weeks)).date()
        assert f"{last.day} " in page(client, f"/ronden/{round_.slug}")

    def test_a_visitor_is_led_to_an_account_and_back(self, client: FlaskClient) -> None:
        round_ = make_round()
        db.session.commit()
        text = page(client, f"/ronden/{round_.slug}")
        assert "/account/registreren" in text
        assert f"/account/inloggen?next=/ronden/{round_.slug}" in text

    def test_an_applicant_starts_at_once(self, as_user: AsUser) -> None:
        round_ = make_round()
        client = as_user(Role.APPLICANT)
        assert f'action="/ronden/{round_.slug}/aanvragen"' in page(client, f"/ronden/{round_.slug}")
        response = client.post(f"/ronden/{round_.slug}/aanvragen")
        assert response.status_code == 303
        assert response.headers["Location"].startswith("/aanvragen/")

    @pytest.mark.parametrize("phase", ["announced", "closed"])
    def test_nobody_starts_outside_the_period(self, as_user: AsUser, phase: str) -> None:
        round_ = make_round(phase_by_hand=phase, phase_reason="Toets")
        text = page(as_user(Role.APPLICANT), f"/ronden/{round_.slug}")
        assert f'action="/ronden/{round_.slug}/aanvragen"' not in text

    def test_every_rule_has_its_sentence(self, client: FlaskClient) -> None:
        rules = Rules(
            distribution=Distribution.FIRST_COME,
            min_domains=2,
            required_domains=(Domain.BURGERS,),
            scales=(Scale.SUBREGIO,),
            min_inhabitants=100_000,
            max_municipalities=9,
            min_amount_cents=100_000,
            max_amount_cents=4_000_000,
            max_months=12,
            predecessor_kinds=("netwerk",),
            predecessor_running=True,
            regiobeeld_required=True,
            one_per_lead=True,
            one_per_region=True,
            one_award_per_region=True,
            max_awards=10,
            allowed_municipalities=("GM0637",),
            min_municipalities_by_size=MunicipalitiesBySize(largest_over=200_000, then=2, otherwise=3),
        )
        round_ = make_round(definition=KINDS["netwerk"].with_rules(rules))
        db.session.commit()
        text = page(in_english(client), f"/ronden/{round_.slug}")
        for words in (
            "At least 2 different domains",
            "citizens",
            "several municipalities",
            "at least 100,000 inhabitants",
            "at most 9 municipalities",
            "from €\N{NO-BREAK SPACE}1,000 to €\N{NO-BREAK SPACE}40,000",
            "at most 12 months",
            "earlier subsidy of this kind: Network",
            "still running",
            "regiobeeld",
            "main applicant of one application",
            "For each region one application",
            "In each region we award one application at most.",
            "We award at most 10 applications.",
            "municipalities: Zoetermeer",
            "more than 200,000 inhabitants? Then at least 2",
            "First come, first served: the moment",
            "not awarded in part",
            "no criteria to score",
        ):
            assert words in text, words


class TestForm:
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_question_can_be_read_before_registering(self, client: FlaskClient, kind: str) -> None:
        round_ = make_round(kind)
        db.session.commit()
        text = page(client, f"/ronden/{round_.slug}/formulier")
        for section in KINDS[kind].sections:
            assert section.title.nl in text
        for question in KINDS[kind].questions:
            assert question.label.nl in text, question.id
            if question.max_words:
                assert str(question.max_words) in text

    def test_it_says_what_one_line_consists_of(self, app: Flask) -> None:
        with app.test_request_context():
            parts = blank_form(KINDS["netwerk"])
        (partners,) = [one for part in parts if part.id == "partners" for one in part.asked if one.parts][1:2]
        assert len(partners.parts) == 5
        assert not partners.required
        labels = [one.label for part in parts for one in part.asked]
        assert len(labels) == len(set(labels))


class TestSupport:
    @pytest.mark.parametrize(
        ("name", "file"),
        [("subsidy-round-1", "round.schema.json"), ("subsidy-decision-1", "decision.schema.json")],
    )
    def test_schemas_are_served_under_the_name_of_this_installation(
        self, client: FlaskClient, name: str, file: str
    ) -> None:
        response = client.get(f"/schemas/{name}.json")
        assert response.mimetype == "application/schema+json"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        kept = json.loads((FOLDER / "schemas" / file).read_text("utf-8"))
        assert json.loads(response.data) == kept | {"$id": f"http://localhost:8000/schemas/{name}.json"}

    @pytest.mark.parametrize("name", ["onbekend", "..%2Freference", "round.schema"])
    def test_nothing_else_is_served_there(self, client: FlaskClient, name: str) -> None:
        assert client.get(f"/schemas/{name}.json").status_code == 404

    def test_accessibility(self, client: FlaskClient) -> None:
        assert "WCAG" in page(client, "/toegankelijkheid")
        assert "/toegankelijkheid" in page(client, "/")

    def test_health(self, client: FlaskClient) -> None:
        response = client.get("/gezond")
        assert (response.status_code, response.mimetype, response.data) == (200, "text/plain", b"ok\n")

    def test_health_without_a_database(self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone(*_arguments: object, **_more: object) -> None:
            raise OperationalError("SELECT 1", {}, Exception("gone"))

        monkeypatch.setattr(db.session, "execute", gone)
        response = client.get("/gezond")
        assert (response.status_code, response.mimetype) == (503, "text/plain")


def test_a_round_of_an_unknown_kind_has_its_page(client: FlaskClient) -> None:
    round_ = make_round(kind="hartzorg", definition=definition_for("hartzorg", KINDS["netwerk"].rules))
    db.session.commit()
    for ending in ("", "/formulier"):
        assert page(client, f"/ronden/{round_.slug}{ending}")
