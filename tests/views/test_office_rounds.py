"""The rounds of the office in the browser: list, make, change, publish, phase, close."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from subsidy.db import db
from subsidy.models import Event, Round, User
from subsidy.services.snapshots import definition_of
from tests import factories
from tests.conftest import MOMENT, QueryCount
from tests.pages import parse, words
from workflows.kinds import KINDS
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]


def form_of(kind: str = "netwerk", **changes: Any) -> MultiDict[str, str]:
    """What a browser sends for a new round, as the page filled it in."""
    rules = KINDS[kind].rules
    typed: dict[str, Any] = {
        "title": "Netwerken 2026",
        "slug": "netwerk-8",
        "number": "8",
        "opens_at": "2026-05-01T09:00",
        "closes_at": "2026-06-01T14:00",
        "ceiling_cents": "900.000",
        "distribution": "tender",
        "domains_mode": "required",
        "min_reviews": "2",
        "max_amount_cents": "50.000",
        "required_domains": ["burgers", "gemeente"],
        "supplement_days": "14",
        "rebuttal_days": "10",
        "rebuttal_max_words": "500",
        "uses_rebuttal": "y",
        "motivation_min_words": "20",
        "most_per_reviewer": "8",
        "interest_years": "3",
        "quorum_percent": "60",
        "hide_reviewers": "y",
        "decision_weeks": "22",
        **{f"weight-{one.id}": str(one.weight) for one in rules.criteria},
        **{f"threshold-{one.id}": "" for one in rules.criteria},
        **changes,
    }
    return MultiDict(
        [
            (name, one)
            for name, value in typed.items()
            for one in ([value] if isinstance(value, str) else value)
        ]
    )


def test_the_list_shows_rounds_with_their_phase(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round(title="Netwerken van nu")
    factories.make_application(round_)
    page = as_user(Role.OFFICER).get("/bureau/ronden").get_data(as_text=True)
    row = words(parse(page).find(".//tbody/tr"))
    assert row.startswith("Netwerken van nu")
    assert "/bureau/ronden/nieuw" in page


def test_the_list_costs_the_same_for_one_and_for_three(
    app: Flask, as_user: AsUser, count_queries: Callable[[], QueryCount]
) -> None:
    client = as_user(Role.OFFICER)
    counted = []
    for extra in (1, 2):
        for _ in range(extra):
            factories.make_application(factories.make_round())
        db.session.commit()
        db.session.expunge_all()
        with count_queries() as queries:
            client.get("/bureau/ronden")
        counted.append(queries.count)
    assert counted == [4, 4]


def test_a_round_is_made_from_a_kind_with_the_rules_typed(app: Flask, as_user: AsUser) -> None:
    client = as_user(Role.OFFICER)
    choose = client.get("/bureau/ronden/nieuw").get_data(as_text=True)
    assert "/bureau/ronden/nieuw?soort=netwerk" in choose
    filled = client.get("/bureau/ronden/nieuw?soort=netwerk").get_data(as_text=True)
    assert 'value="1.500.000"' in filled
    for _ in range(2):
        answer = client.post("/bureau/ronden/nieuw?soort=netwerk", data=form_of())
        assert (answer.status_code, answer.location) == (303, "/bureau/ronden/netwerk-8")
    round_ = db.session.scalars(select(Round).where(Round.slug == "netwerk-8")).one()
    rules = definition_of(round_).rules
    assert (round_.opens_at, round_.closes_at) == (
        datetime(2026, 5, 1, 7, tzinfo=UTC),
        datetime(2026, 6, 1, 12, tzinfo=UTC),
    )
    assert (round_.ceiling_cents, rules.max_amount_cents) == (90_000_000, 5_000_000)
    assert rules.required_domains == ("burgers", "gemeente")
    assert rules.partial_award is False
    definition = definition_of(round_)
    reviewing = definition.reviewing
    assert (reviewing.most_per_reviewer, reviewing.quorum_percent, reviewing.motivation_min_words) == (
        8,
        60,
        20,
    )
    assert (reviewing.hide_reviewers, reviewing.hide_applicants, reviewing.shows_certainty) == (
        True,
        False,
        False,
    )
    assert reviewing.matrix == KINDS["netwerk"].reviewing.matrix
    assert (definition.uses_rebuttal, definition.terms.rebuttal_max_words) == (True, 500)
    assert client.get("/bureau/ronden/netwerk-8").status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("closes_at", "2026-04-01T09:00", "closes_at"),
        ("slug", "Met Spaties", "slug"),
        ("ceiling_cents", "veel", "ceiling_cents"),
        ("review_from", "2026-05-15T09:00", "review_from"),
        ("weight-kwaliteit", "0", "weight-kwaliteit"),
        ("threshold_total", "101", "threshold_total"),
        ("opens_at", "2026-03-29T02:30", "opens_at"),
        ("title", "", "title"),
        ("quorum_percent", "101", "quorum_percent"),
        ("most_per_reviewer", "0", "most_per_reviewer"),
        ("rebuttal_max_words", "10", "rebuttal_max_words"),
        ("motivation_min_words", "", "motivation_min_words"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_everything_typed_stays(
    app: Flask, as_user: AsUser, name: str, value: str, field: str
) -> None:
    typed = form_of(official_publication="Staatscourant 2026, 77")
    typed.setlist(name, [value])
    answer = as_user(Role.OFFICER).post("/bureau/ronden/nieuw?soort=netwerk", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert 'value="Staatscourant 2026, 77"' in page
    assert f'value="{value}"' in page
    assert db.session.scalar(select(func.count()).select_from(Round)) == 0


def test_a_name_that_is_taken_is_told(app: Flask, as_user: AsUser) -> None:
    factories.make_round(slug="netwerk-8")
    answer = as_user(Role.OFFICER).post("/bureau/ronden/nieuw?soort=netwerk", data=form_of())
    assert answer.status_code == 422
    assert 'id="slug-error"' in answer.get_data(as_text=True)


def test_an_unknown_kind_is_not_there(app: Flask, as_user: AsUser) -> None:
    assert as_user(Role.OFFICER).get("/bureau/ronden/nieuw?soort=toverij").status_code == 404


def test_a_draft_is_changed_and_a_second_officer_is_told(app: Flask, as_user: AsUser) -> None:
    client = as_user(Role.OFFICER)
    client.post("/bureau/ronden/nieuw?soort=netwerk", data=form_of())
    page = client.get("/bureau/ronden/netwerk-8/wijzigen").get_data(as_text=True)
    seen = next(one.get("value", "") for one in parse(page).iter("input") if one.get("name") == "seen")
    first = client.post("/bureau/ronden/netwerk-8/wijzigen", data=form_of(title="Een", seen=seen))
    second = client.post("/bureau/ronden/netwerk-8/wijzigen", data=form_of(title="Twee", seen=seen))
    assert (first.status_code, second.status_code) == (303, 422)
    assert 'value="Twee"' in second.get_data(as_text=True)
    assert db.session.scalars(select(Round.title)).all() == ["Een"]


def test_publishing_warns_about_a_late_publication_and_freezes(app: Flask, as_user: AsUser) -> None:
    client = as_user(Role.OFFICER)
    client.post("/bureau/ronden/nieuw?soort=netwerk", data=form_of())
    assert "Awb 4:26, 4:27" in client.get("/bureau/ronden/netwerk-8").get_data(as_text=True)
    for _ in range(2):
        answer = client.post("/bureau/ronden/netwerk-8/publiceren")
        assert answer.location == "/bureau/ronden/netwerk-8"
    published = select(func.count()).select_from(Event).where(Event.name == "round.published")
    assert db.session.scalar(published) == 1
    assert client.get("/bureau/ronden/netwerk-8/wijzigen").status_code == 303


def test_the_phase_is_set_with_a_reason_and_cleared(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round()
    client = as_user(Role.OFFICER)
    here = f"/bureau/ronden/{round_.slug}"
    refused = client.post(f"{here}/fase", data={"phase": "review", "reason": ""})
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.get_data(as_text=True)
    client.post(f"{here}/fase", data={"phase": "review", "reason": "Storing op de sluitdag"})
    page = client.get(here).get_data(as_text=True)
    assert "Storing op de sluitdag" in page
    client.post(f"{here}/fase/wissen")
    assert db.session.scalars(select(Round.phase_by_hand)).all() == [None]


def test_a_closed_round_is_evaluated_once(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round(closes_at=MOMENT - timedelta(days=1))
    client = as_user(Role.OFFICER)
    here = f"/bureau/ronden/{round_.slug}"
    assert f"{here}/afsluiten" in client.get(here).get_data(as_text=True)
    client.post(f"{here}/geevalueerd")
    assert round_.state == "published"
    for path in ("afsluiten", "afsluiten", "geevalueerd", "geevalueerd"):
        assert client.post(f"{here}/{path}").location.startswith(here)
    names = select(Event.name).order_by(Event.id)
    assert db.session.scalars(names).all() == ["round.decided", "round.evaluated"]
    assert client.get(here).status_code == 200


def test_who_takes_part_finds_no_round_and_who_has_an_interest_no_money(app: Flask, as_user: AsUser) -> None:
    member, conflicted = (factories.make_user(Role.OFFICER) for _ in range(2))
    round_ = factories.make_round(promised_cents=1_234_500)
    application = factories.make_application(round_, member=member)
    factories.make_review(application, conflicted, declared_at=MOMENT, conflict="Bestuurslid")
    here = f"/bureau/ronden/{round_.slug}"
    assert as_user(member).get(here).status_code == 404
    assert "12.345" not in as_user(conflicted).get(here).get_data(as_text=True)
    assert "12.345" in as_user(Role.OFFICER).get(here).get_data(as_text=True)


def test_a_chair_reads_a_round_and_changes_nothing(app: Flask, as_user: AsUser) -> None:
    round_ = factories.make_round()
    client = as_user(Role.CHAIR)
    here = f"/bureau/ronden/{round_.slug}"
    page = client.get(here).get_data(as_text=True)
    assert "/fase" not in page
    assert client.post(f"{here}/fase", data={"phase": "review", "reason": "Nee"}).status_code == 404
