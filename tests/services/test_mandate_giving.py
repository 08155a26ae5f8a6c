"""Giving and withdrawing mandates, and what a round is warned of when one is missing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Event, Mandate
from subsidy.services import confirming, events, mandate_giving, mandate_warnings
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError
from subsidy.services.grants import actor_of
from subsidy.services.mandate_giving import MandateError, Terms
from subsidy.services.mandate_warnings import Stuck
from tests.conftest import MOMENT, QueryCount
from tests.factories import give_mandate, make_application, make_interest, make_round, make_user
from tests.services.rounds import Scene, make_scene
from tests.services.test_ledger import award
from workflows.mandates import Power, Standing
from workflows.permissions import Actor, Role

TODAY = MOMENT.date()
TERMS = Terms(
    powers=frozenset({Power.AWARD, Power.REJECT}),
    function="hoofd subsidies",
    reference="Mandaatbesluit 2026, artikel 3",
    from_day=TODAY,
    up_to_cents=5_000_000,
)


@pytest.fixture
def giver(app: Flask) -> Actor:
    """Give an administrator."""
    return actor_of(make_user(Role.ADMINISTRATOR))


def names() -> list[str]:
    return list(db.session.scalars(select(Event.name).order_by(Event.id)))


def test_a_mandate_says_what_was_given_and_the_chain_tells(giver: Actor) -> None:
    officer = make_user(Role.OFFICER)
    mandate = mandate_giving.give(officer, TERMS, actor=giver, now=MOMENT)
    assert (mandate.user_id, mandate.powers, mandate.up_to_cents) == (
        officer.id,
        ["award", "reject"],
        5_000_000,
    )
    assert (mandate.given_by, mandate.given_at) == (giver.user_id, MOMENT)
    facts = db.session.scalars(select(Event.facts)).one()
    assert facts["mandate"] == mandate.id
    assert facts["up_to_cents"] == 5_000_000
    assert list(events.verify()) == []


def test_two_clicks_give_one_mandate_and_withdraw_once(giver: Actor) -> None:
    officer = make_user(Role.OFFICER)
    first, second = (mandate_giving.give(officer, TERMS, actor=giver, now=MOMENT) for _ in range(2))
    assert first is second
    assert mandate_giving.withdraw(first, actor=giver, now=MOMENT)
    assert not mandate_giving.withdraw(first, actor=giver, now=MOMENT + timedelta(days=1))
    assert (first.withdrawn_at, first.withdrawn_by) == (MOMENT, giver.user_id)
    assert names() == ["mandate.given", "mandate.withdrawn"]
    again = mandate_giving.give(officer, TERMS, actor=giver, now=MOMENT)
    assert again is not first


def test_nobody_gives_or_takes_a_mandate_of_their_own(app: Flask) -> None:
    both = make_user(Role.ADMINISTRATOR)
    officer = Actor(both.id, actor_of(both).grants)
    with pytest.raises(NotAllowedError):
        mandate_giving.give(both, TERMS, actor=officer, now=MOMENT)
    with pytest.raises(NotAllowedError):
        mandate_giving.withdraw(give_mandate(both), actor=officer, now=MOMENT)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.FINANCE, Role.CHAIR])
def test_only_an_administrator_gives(app: Flask, role: Role) -> None:
    with pytest.raises(NotAllowedError):
        mandate_giving.give(make_user(Role.OFFICER), TERMS, actor=actor_of(make_user(role)), now=MOMENT)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: replace(t, powers=frozenset()), "powers_needed"),
        (lambda t: replace(t, function=" "), "says_where_from"),
        (lambda t: replace(t, reference=""), "says_where_from"),
        (lambda t: replace(t, until_day=TODAY - timedelta(days=1)), "ends_before_it_begins"),
        (
            lambda t: replace(t, from_day=date(2020, 1, 1), until_day=TODAY - timedelta(days=1)),
            "ended_already",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(giver: Actor, change: Callable[[Terms], Terms], code: str) -> None:
    with pytest.raises(MandateError) as error:
        mandate_giving.give(make_user(Role.OFFICER), change(TERMS), actor=giver, now=MOMENT)
    assert error.value.code == code
    assert db.session.scalar(select(func.count(Mandate.id))) == 0


def test_only_an_officer_of_that_round_gets_one(giver: Actor) -> None:
    mine, other = make_round(), make_round()
    officer = make_user(Role.OFFICER, mine)
    of_mine = replace(TERMS, round_id=mine.id)
    assert mandate_giving.give(officer, of_mine, actor=giver, now=MOMENT).round_id == mine.id
    assert mandate_giving.give(officer, TERMS, actor=giver, now=MOMENT).round_id is None
    for person, terms in (
        (officer, replace(TERMS, round_id=other.id)),
        (make_user(Role.FINANCE), TERMS),
        (make_user(Role.OFFICER, disabled_at=MOMENT), TERMS),
    ):
        with pytest.raises(MandateError, match="not_an_officer"):
            mandate_giving.give(person, terms, actor=giver, now=MOMENT)


def test_the_list_tells_where_each_stands_in_one_query(app: Flask, count_queries: type[QueryCount]) -> None:
    officer = make_user(Role.OFFICER)
    for values in (
        {},
        {"from_day": TODAY + timedelta(days=1)},
        {"until_day": TODAY},
        {"until_day": TODAY - timedelta(days=1)},
        {"withdrawn_at": MOMENT},
    ):
        give_mandate(officer, **values)
    with count_queries() as counted:
        page = mandate_giving.find_page(today=TODAY, ended=True)
    assert counted.count == 1
    assert [line.standing for line in reversed(page.lines)] == [
        Standing.IN_FORCE,
        Standing.NOT_YET,
        Standing.IN_FORCE,
        Standing.OVER,
        Standing.WITHDRAWN,
    ]
    assert len(mandate_giving.find_page(today=TODAY).lines) == 3


def mandate_of(scene: Scene) -> Mandate:
    return db.session.scalars(select(Mandate).where(Mandate.user_id == scene.confirmer.user_id)).one()


@pytest.mark.usefixtures("app")
class TestWarnings:
    def test_nothing_is_said_when_all_is_well(self, count_queries: type[QueryCount]) -> None:
        for scores in ((5,), (5, 4, 3)):
            scene = make_scene(scores)
            for number in range(len(scores)):
                award(scene, number)
            db.session.expire_all()
            now_in = scene.round
            with count_queries() as counted:
                found = mandate_warnings.warnings_in(now_in, now=MOMENT)
            assert (found.nobody, found.stuck, counted.count) == (False, [], 3)

    def test_a_withdrawn_mandate_strands_its_proposals(self) -> None:
        scene = make_scene((5, 4))
        award(scene, 0)
        award(scene, 1)
        mandate = mandate_of(scene)
        mandate.withdrawn_at = MOMENT
        db.session.flush()
        found = mandate_warnings.warnings_in(scene.round, now=MOMENT)
        assert found.stuck == [Stuck(mandate.holder.name, Standing.WITHDRAWN, 2)]
        assert not found.nobody

    def test_a_mandate_ends_with_its_last_day(self) -> None:
        scene = make_scene((5,))
        ended = give_mandate(make_user(Role.OFFICER), until_day=TODAY, up_to_cents=1_000_000)
        award(scene, 0)
        assert mandate_warnings.warnings_in(scene.round, now=MOMENT).stuck == []
        tomorrow = mandate_warnings.warnings_in(scene.round, now=MOMENT + timedelta(days=1))
        assert [(one.holder, one.standing) for one in tomorrow.stuck] == [(ended.holder.name, "over")]

    def test_who_reports_an_interest_can_no_longer_decide(self) -> None:
        scene = make_scene((5,))
        award(scene, 0)
        mandate = mandate_of(scene)
        make_interest(make_application(scene.round), mandate.holder)
        found = mandate_warnings.warnings_in(scene.round, now=MOMENT)
        assert [(one.holder, one.standing) for one in found.stuck] == [(mandate.holder.name, "in_force")]

    def test_it_says_when_nobody_can_decide(self) -> None:
        round_ = make_round()
        assert mandate_warnings.warnings_in(round_, now=MOMENT).nobody
        give_mandate(make_user(Role.OFFICER), from_day=TODAY + timedelta(days=1))
        give_mandate(make_user(Role.FINANCE))
        give_mandate(make_user(Role.OFFICER), round_id=make_round().id)
        assert mandate_warnings.warnings_in(round_, now=MOMENT).nobody
        give_mandate(make_user(Role.OFFICER), round_id=round_.id)
        assert not mandate_warnings.warnings_in(round_, now=MOMENT).nobody


@pytest.mark.usefixtures("app")
class TestConfirming:
    """The policy and the services hold together: who has no mandate, or an interest, takes no decision."""

    def refused(self, scene: Scene, actor: Actor, sha256: str) -> str:
        with pytest.raises((NotAllowedError, DecisionError)) as error:
            confirming.confirm(scene.applications[0], letter_sha256=sha256, actor=actor, now=MOMENT)
        return getattr(error.value, "code", "not_allowed")

    def test_only_who_holds_the_mandate_takes_it(self) -> None:
        scene = make_scene((5,))
        sha256 = scene.letter(award(scene, 0))
        third = make_user(Role.OFFICER)
        assert self.refused(scene, actor_of(third), sha256) == "not_allowed"
        give_mandate(third)
        assert self.refused(scene, actor_of(third), sha256) == "not_allowed"
        assert self.refused(scene, scene.proposer, sha256) == "not_allowed"

    def test_a_mandate_that_is_over_takes_nothing(self) -> None:
        scene = make_scene((5,))
        sha256 = scene.letter(award(scene, 0))
        mandate_of(scene).withdrawn_at = MOMENT
        db.session.flush()
        assert self.refused(scene, scene.confirmer, sha256) == "mandate_over"

    def test_an_interest_bars_proposer_and_confirmer(self) -> None:
        scene = make_scene((5,))
        sha256 = scene.letter(award(scene, 0))
        make_interest(scene.applications[0], mandate_of(scene).holder)
        assert self.refused(scene, scene.confirmer, sha256) == "not_allowed"
        other = make_scene((5,))
        barred = db.session.scalars(select(Mandate).where(Mandate.user_id == other.proposer.user_id)).one()
        make_interest(other.applications[0], barred.holder)
        with pytest.raises(NotAllowedError):
            award(other, 0)
