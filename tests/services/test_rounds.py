"""A round in the hands of the office: made, changed, published, set by hand, closed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Event, EventDetail, Round
from subsidy.services import round_overview, rounds, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.rounds import RoundError, RoundValues
from subsidy.services.snapshots import definition_of
from tests import factories
from tests.conftest import MOMENT
from workflows.kinds import KINDS
from workflows.machine import TransitionError
from workflows.permissions import Actor, Role
from workflows.states import Phase

NETWERK = KINDS["netwerk"]
VALUES = RoundValues(
    slug="netwerk-7",
    title="Netwerken 2026",
    number=7,
    opens_at=MOMENT + timedelta(days=10),
    closes_at=MOMENT + timedelta(days=40),
    review_from=MOMENT + timedelta(days=45),
    panel_from=None,
    ceiling_cents=90_000_000,
    official_publication="Staatscourant 2026, 9",
    officially_published_on=MOMENT.date(),
    rules=NETWERK.rules.model_copy(update={"max_months": 9}),
    supplement_days=10,
    rebuttal_days=7,
    rebuttal_max_words=400,
    uses_rebuttal=True,
    reviewing=NETWERK.reviewing.model_copy(update={"quorum_percent": 75}),
    signatures_required=True,
    decision_weeks=13,
)


@pytest.fixture
def officer(app: Flask) -> Actor:
    return actor_of(factories.make_user(Role.OFFICER))


def made(officer: Actor, values: RoundValues = VALUES) -> Round:
    return rounds.create("netwerk", values, actor=officer, now=MOMENT)


def names(round_: Round) -> list[str]:
    query = select(Event.name).where(Event.round_id == round_.id).order_by(Event.id)
    return list(db.session.scalars(query))


def test_a_round_takes_the_kind_with_the_rules_that_were_typed(officer: Actor) -> None:
    round_ = made(officer)
    definition = definition_of(round_)
    assert (round_.state, round_.kind, round_.number) == ("draft", "netwerk", 7)
    assert definition.rules.max_months == 9
    assert (definition.terms.supplement_days, definition.terms.decision_weeks) == (10, 13)
    assert definition.sections == NETWERK.sections
    assert rounds.values_of(round_) == VALUES
    assert names(round_) == ["round.created"]


def test_the_same_round_twice_is_one_and_another_needs_its_own_name(officer: Actor) -> None:
    round_ = made(officer)
    assert made(officer) is round_
    with pytest.raises(RoundError) as error:
        made(officer, replace(VALUES, title="Iets anders"))
    assert error.value.code == "slug_taken"
    assert names(round_) == ["round.created"]


def test_only_an_officer_of_all_rounds_makes_one(app: Flask) -> None:
    of_one = factories.make_user(Role.OFFICER, factories.make_round())
    with pytest.raises(NotAllowedError):
        made(actor_of(of_one))


def test_a_draft_changes_and_says_what_changed(officer: Actor) -> None:
    round_ = made(officer)
    new = replace(VALUES, title="Beter", rules=VALUES.rules.model_copy(update={"min_domains": 4}))
    rounds.change(round_, new, seen=rounds.fingerprint(round_), actor=officer, now=MOMENT)
    assert rounds.values_of(round_) == new
    event = db.session.scalars(select(Event).where(Event.name == "round.changed")).one()
    assert event.facts == {"changed": ["title", "rules"]}


def test_a_round_says_whether_every_partner_confirms(officer: Actor) -> None:
    round_ = made(officer)
    assert definition_of(round_).signatures_required
    values = replace(VALUES, signatures_required=False)
    rounds.change(round_, values, seen=rounds.fingerprint(round_), actor=officer, now=MOMENT)
    assert not definition_of(round_).signatures_required


def test_two_officers_never_overwrite_each_other(officer: Actor) -> None:
    round_ = made(officer)
    seen = rounds.fingerprint(round_)
    rounds.change(round_, replace(VALUES, title="Eerste"), seen=seen, actor=officer, now=MOMENT)
    with pytest.raises(RoundError) as error:
        rounds.change(round_, replace(VALUES, title="Tweede"), seen=seen, actor=officer, now=MOMENT)
    assert error.value.code == "changed_meanwhile"
    assert round_.title == "Eerste"


def test_publication_freezes(officer: Actor) -> None:
    round_ = made(officer)
    rounds.publish(round_, actor=officer, now=MOMENT)
    assert (round_.state, round_.published_at) == ("published", MOMENT)
    with pytest.raises(RoundError) as error:
        rounds.change(round_, replace(VALUES, title="Laat"), seen="", actor=officer, now=MOMENT)
    assert error.value.code == "frozen"
    with pytest.raises(TransitionError) as refused:
        rounds.publish(round_, actor=officer, now=MOMENT + timedelta(hours=1))
    assert refused.value.code == "wrong_state"
    assert round_.published_at == MOMENT
    assert names(round_) == ["round.created", "round.published"]


@pytest.mark.parametrize(("days", "warnings"), [(9, []), (10, ["officially_published_late"])])
def test_late_official_publication_is_recorded_and_stops_nothing(
    officer: Actor, days: int, warnings: list[str]
) -> None:
    published_on = (MOMENT + timedelta(days=days)).date()
    round_ = made(officer, replace(VALUES, officially_published_on=published_on))
    assert [warning.code for warning in rounds.publication_warnings(round_)] == warnings
    rounds.publish(round_, actor=officer, now=MOMENT)
    event = db.session.scalars(select(Event).where(Event.name == "round.published")).one()
    assert event.facts["warnings"] == warnings


def test_phase_by_hand_goes_before_the_dates_until_it_is_cleared(officer: Actor) -> None:
    round_ = factories.make_round()
    assert standing.phase_of(round_, MOMENT) is Phase.OPEN
    assert rounds.set_phase(round_, Phase.REVIEW, "Storing", actor=officer, now=MOMENT)
    assert not rounds.set_phase(round_, Phase.REVIEW, "Storing", actor=officer, now=MOMENT)
    assert standing.phase_of(round_, MOMENT) is Phase.REVIEW
    assert rounds.clear_phase(round_, actor=officer, now=MOMENT)
    assert not rounds.clear_phase(round_, actor=officer, now=MOMENT)
    assert standing.phase_of(round_, MOMENT) is Phase.OPEN
    events = db.session.scalars(select(Event).where(Event.round_id == round_.id).order_by(Event.id)).all()
    assert [(event.name, event.facts) for event in events] == [
        ("round.phase_set", {"before": "open", "phase": "review"}),
        ("round.phase_cleared", {"before": "review", "phase": "open"}),
    ]
    detail = db.session.get_one(EventDetail, events[0].id)
    assert detail.body == {"reason": "Storing"}


@pytest.mark.parametrize(
    ("phase", "reason", "state", "code"),
    [
        (Phase.DECIDED, "omdat", "published", "not_by_hand"),
        (Phase.REVIEW, "  ", "published", "reason_needed"),
        (Phase.REVIEW, "omdat", "draft", "not_published"),
    ],
)
def test_phase_by_hand_has_its_limits(
    officer: Actor, phase: Phase, reason: str, state: str, code: str
) -> None:
    round_ = factories.make_round(state=state)
    with pytest.raises(RoundError) as error:
        rounds.set_phase(round_, phase, reason, actor=officer, now=MOMENT)
    assert error.value.code == code


def test_a_round_closes_only_when_everything_is_done(officer: Actor) -> None:
    round_ = factories.make_round()
    today = MOMENT.date()
    with pytest.raises(TransitionError) as error:
        rounds.close(round_, actor=officer, now=MOMENT, today=today)
    assert error.value.code == "round_still_open"
    later = round_.closes_at + timedelta(seconds=1)
    application = factories.make_application(round_, "submitted")
    with pytest.raises(TransitionError) as error:
        rounds.close(round_, actor=officer, now=later, today=today)
    assert (error.value.code, error.value.params["undecided"]) == ("applications_undecided", 1)
    db.session.delete(application)
    factories.make_application(round_, "withdrawn")
    rounds.close(round_, actor=officer, now=later, today=today)
    assert round_.state == "decided"
    rounds.mark_evaluated(round_, actor=officer, now=later)
    assert round_.state == "evaluated"
    assert names(round_) == ["round.decided", "round.evaluated"]


def test_rounds_of_a_person_are_paged_and_counted(officer: Actor) -> None:
    other = [factories.make_round(opens_at=MOMENT - timedelta(days=n)) for n in (3, 2, 1)]
    factories.make_application(other[2], "submitted")
    factories.make_application(other[2], "withdrawn")
    factories.make_application(other[2], "draft")
    first = round_overview.find_rounds(officer, now=MOMENT, limit=2)
    assert [(line.round.id, line.received, line.open) for line in first.lines] == [
        (other[2].id, 2, 1),
        (other[1].id, 0, 0),
    ]
    second = round_overview.find_rounds(officer, now=MOMENT, after=first.next_after, limit=2)
    assert ([line.round.id for line in second.lines], second.next_after) == ([other[0].id], None)


def test_what_somebody_may_not_see_is_not_counted(app: Flask) -> None:
    conflicted = factories.make_user(Role.OFFICER)
    round_ = factories.make_round()
    factories.make_interest(factories.make_application(round_, "advised"), conflicted)
    factories.make_application(round_, "in_review")
    (line,) = round_overview.find_rounds(actor_of(conflicted), now=MOMENT).lines
    assert (line.received, line.open) == (1, 1)
    assert dict(round_overview.numbers_of(round_, actor_of(conflicted))) == {"in_review": 1}


def test_rounds_stay_away_from_who_takes_part_and_money_from_who_has_an_interest(app: Flask) -> None:
    taking_part, conflicted = (factories.make_user(Role.OFFICER) for _ in range(2))
    round_ = factories.make_round()
    application = factories.make_application(round_, member=taking_part)
    factories.make_review(application, conflicted, declared_at=MOMENT, conflict="Bestuurslid")
    assert round_overview.find_rounds(actor_of(taking_part), now=MOMENT).lines == []
    (line,) = round_overview.find_rounds(actor_of(conflicted), now=MOMENT).lines
    assert line.money_hidden


def test_an_officer_of_one_round_sees_that_one(app: Flask) -> None:
    mine = factories.make_round()
    factories.make_round()
    officer = factories.make_user(Role.OFFICER, mine)
    lines = round_overview.find_rounds(actor_of(officer), now=MOMENT).lines
    assert [line.round.id for line in lines] == [mine.id]
