"""The worklist: each application under what it waits for, and nothing that is not for this person."""

from datetime import date, timedelta

import pytest
from flask import Flask

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Application, Decision, Round, StoredFile, Supplement
from subsidy.services import worklist
from subsidy.services.reach import OFFICE, Reach, reach_of
from subsidy.services.waits import Wait
from tests import factories
from tests.conftest import MOMENT
from workflows.definition import RoundDefinition
from workflows.kinds import KINDS
from workflows.permissions import Role

TODAY = MOMENT.date()
LARGE = 3_000_000


def kind(**flags: bool) -> RoundDefinition:
    return KINDS["netwerk"].model_copy(update=flags)


def reach(role: Role = Role.OFFICER) -> Reach:
    return reach_of(actor_of(factories.make_user(role)), *OFFICE)


def listed(within: Reach, wait: Wait) -> list[int]:
    return [item.id for item in worklist.find_items(within, within.rounds, wait, today=TODAY).items]


def decide(application: Application, **values: object) -> None:
    officers = [factories.make_user(Role.OFFICER) for _ in range(2)]
    letter = {}
    if "confirmed_at" in values:
        sha256 = f"{application.id:064d}"
        db.session.add(StoredFile(sha256=sha256, size=1, media_type="application/pdf", stored_at=MOMENT))
        db.session.flush()
        letter = {"letter_sha256": sha256, "confirmed_by": officers[1].id}
    db.session.add(
        Decision(
            **{
                "application_id": application.id,
                "round_id": application.round_id,
                "outcome": "rejected",
                "motivation": "Daarom.",
                "proposed_by": officers[0].id,
                "proposed_at": MOMENT,
                "announce_on": date(2026, 3, 20),
                **letter,
                **values,
            }
        )
    )
    db.session.flush()


def reviewed(round_: Round, reviews: int, state: str = "in_review") -> Application:
    application = factories.make_application(round_, state, requested_cents=LARGE)
    for _ in range(reviews):
        factories.make_review(application, factories.make_user(Role.REVIEWER), score=3)
    return application


def heard(round_: Round, reviews: int) -> Application:
    application = reviewed(round_, reviews)
    factories.hear(application)
    return application


def test_each_application_stands_under_one_wait(app: Flask) -> None:
    round_ = factories.make_round()
    expected = {
        Wait.SCREEN: factories.make_application(round_, "submitted"),
        Wait.SUPPLEMENT: factories.make_application(round_, "supplement_requested"),
        Wait.ASSIGN: factories.make_application(round_, "eligible"),
        Wait.REVIEW: reviewed(round_, 1),
        Wait.REBUTTAL: factories.make_application(round_, "rebuttal"),
        Wait.ADVISE: heard(round_, 2),
        Wait.PROPOSE: factories.make_application(round_, "advised"),
        Wait.CONFIRM: factories.make_application(round_, "ineligible"),
        Wait.ANNOUNCE: reviewed(round_, 2, "rejected"),
    }
    db.session.add(
        Supplement(
            application_id=expected[Wait.SUPPLEMENT].id,
            asked="Iets",
            requested_by=factories.make_user().id,
            requested_at=MOMENT,
            last_day=TODAY + timedelta(days=14),
        )
    )
    decide(expected[Wait.CONFIRM])
    decide(expected[Wait.ANNOUNCE], confirmed_at=MOMENT)
    for state in ("draft", "withdrawn"):
        factories.make_application(round_, state)
    within = reach()
    assert {wait: listed(within, wait) for wait in Wait} == {
        wait: [application.id] for wait, application in expected.items()
    }
    assert worklist.counts(within, within.rounds) == dict.fromkeys(Wait, 1)


def test_what_is_reviewed_waits_for_its_rebuttal_and_then_for_advice(app: Flask) -> None:
    round_ = factories.make_round()
    unheard, done = reviewed(round_, 2), heard(round_, 2)
    opened_again = heard(round_, 1)
    within = reach()
    assert {wait: listed(within, wait) for wait in Wait if listed(within, wait)} == {
        Wait.REVIEW: [opened_again.id],
        Wait.REBUTTAL: [unheard.id],
        Wait.ADVISE: [done.id],
    }
    counts = worklist.counts(within, within.rounds)
    assert {wait: number for wait, number in counts.items() if number} == {
        Wait.REVIEW: 1,
        Wait.REBUTTAL: 1,
        Wait.ADVISE: 1,
    }


def test_a_returned_decision_is_to_be_proposed_again_and_an_announced_one_waits_for_nothing(
    app: Flask,
) -> None:
    round_ = factories.make_round()
    returned = factories.make_application(round_, "ineligible")
    announced = factories.make_application(round_, "rejected")
    decide(returned, returned_at=MOMENT, return_reason="Onduidelijk")
    decide(announced, confirmed_at=MOMENT, announced_at=MOMENT)
    within = reach()
    assert {wait: listed(within, wait) for wait in Wait if listed(within, wait)} == {
        Wait.PROPOSE: [returned.id]
    }
    assert worklist.counts(within, within.rounds)[Wait.PROPOSE] == 1


@pytest.mark.parametrize(
    ("flags", "eligible", "ready"),
    [
        ({}, Wait.ASSIGN, Wait.REBUTTAL),
        ({"uses_panel": False}, Wait.ASSIGN, Wait.REBUTTAL),
        ({"uses_rebuttal": False}, Wait.ASSIGN, Wait.ADVISE),
        ({"uses_rebuttal": False, "uses_panel": False}, Wait.ASSIGN, Wait.PROPOSE),
        ({"uses_referents": False}, Wait.ADVISE, Wait.ADVISE),
        ({"uses_referents": False, "uses_panel": False}, Wait.PROPOSE, Wait.PROPOSE),
    ],
)
def test_a_kind_skips_the_steps_that_it_does_not_have(
    app: Flask, flags: dict[str, bool], eligible: Wait, ready: Wait
) -> None:
    round_ = factories.make_round(definition=kind(**flags))
    one, two = factories.make_application(round_, "eligible"), reviewed(round_, 2)
    within = reach()
    found = {wait: listed(within, wait) for wait in Wait if listed(within, wait)}
    expected: dict[Wait, list[int]] = {}
    expected.setdefault(eligible, []).append(one.id)
    expected.setdefault(ready, []).append(two.id)
    assert found == expected
    counts = {wait: number for wait, number in worklist.counts(within, within.rounds).items() if number}
    assert counts == {wait: len(ids) for wait, ids in expected.items()}


def test_the_number_of_reviews_follows_the_amount(app: Flask) -> None:
    small = reviewed(factories.make_round(), 1)
    small.requested_cents = 1_000_000
    factories.hear(small)
    within = reach()
    assert listed(within, Wait.ADVISE) == [small.id]


def test_a_round_that_asks_the_same_of_every_amount_is_counted_too(app: Flask) -> None:
    """As an imported round does, whose rules name a number of reviews and no amounts."""
    kind = KINDS["regiobeeld"]
    rules = kind.rules.model_copy(update={"reviews_by_amount": (), "min_reviews": 1})
    round_ = factories.make_round("regiobeeld", definition=kind.with_rules(rules))
    factories.make_application(round_, "in_review")
    factories.make_review(factories.make_application(round_, "in_review"), score=4)
    found = worklist.counts(reach(), [round_])
    assert (found[Wait.REVIEW], found[Wait.PROPOSE]) == (1, 1)


def test_pages_follow_each_other_without_gap_or_repeat(app: Flask) -> None:
    round_ = factories.make_round()
    made = [factories.make_application(round_).id for _ in range(5)]
    within, found, after = reach(), [], 0
    for _ in range(3):
        page = worklist.find_items(within, within.rounds, Wait.SCREEN, today=TODAY, after=after, limit=2)
        found += [item.id for item in page.items]
        after = page.next_after or 0
    assert (found, after) == (made, 0)


def test_lists_leave_out_what_is_not_for_this_person(app: Flask) -> None:
    user = factories.make_user(Role.OFFICER)
    round_, own = factories.make_round(), factories.make_round()
    factories.make_round(state="decided")
    shown, hidden = factories.make_application(round_), factories.make_application(round_)
    factories.make_review(hidden, user, declared_at=MOMENT, conflict="Bestuurslid")
    factories.make_application(own, member=user)
    within = reach_of(actor_of(user), *OFFICE)
    assert [one.id for one in within.rounds] == [round_.id]
    assert listed(within, Wait.SCREEN) == [shown.id]
    assert worklist.counts(within, within.rounds)[Wait.SCREEN] == 1


def test_the_term_that_runs_is_shown_with_the_days_left(app: Flask) -> None:
    round_ = factories.make_round(closes_at=MOMENT - timedelta(days=1))
    asked = factories.make_application(round_, "supplement_requested")
    supplement = Supplement(
        application_id=asked.id,
        asked="Iets",
        requested_by=factories.make_user().id,
        requested_at=MOMENT,
        last_day=TODAY + timedelta(days=3),
    )
    db.session.add(supplement)
    factories.make_application(round_, "submitted")
    within = reach()
    (waiting,) = worklist.find_items(within, within.rounds, Wait.SUPPLEMENT, today=TODAY).items
    (to_check,) = worklist.find_items(within, within.rounds, Wait.SCREEN, today=TODAY).items
    assert (waiting.last_day, waiting.days_left) == (TODAY + timedelta(days=3), 3)
    # Received on 10 March, after the round closed; 22 weeks.
    assert (to_check.last_day, to_check.days_left) == (date(2026, 8, 11), 154)


def test_counting_stops_where_it_would_cost_too_much(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = factories.make_round()
    for _ in range(2):
        reviewed(round_, 2)
    monkeypatch.setattr(worklist, "MOST_IN_REVIEW", 1)
    within = reach()
    counts = worklist.counts(within, within.rounds)
    assert (counts[Wait.REVIEW], counts[Wait.ADVISE], counts[Wait.SCREEN]) == (None, None, 0)


def test_nobody_without_a_role_in_the_office_reaches_anything(app: Flask) -> None:
    factories.make_application(factories.make_round())
    within = reach(Role.REVIEWER)
    assert (within.rounds, listed(within, Wait.SCREEN)) == ((), [])
