"""Who has to be decided before somebody else gets money."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from subsidy.db import db
from subsidy.models import Application, Round
from subsidy.services import basis_gathering, competing, confirming, proposing
from subsidy.services.decisions import DecisionError
from subsidy.services.grants import actor_of
from subsidy.services.proposal import Proposal, suggest
from tests.conftest import MOMENT, QueryCount
from tests.factories import declare, give_mandate, make_application, make_round, make_user
from tests.services.rounds import TEN_THOUSAND, Scene
from workflows.definition import RoundDefinition
from workflows.kinds import KINDS
from workflows.permissions import Role
from workflows.reviewing import ReviewRules
from workflows.snapshot import Decision as Outcome

DAY = date(2026, 3, 17)
TODAY = MOMENT.date()
AWARD = Proposal(
    Outcome.AWARDED,
    DAY,
    amount_cents=TEN_THOUSAND,
    motivation="De aanvraag voldoet.",
    departure="Anders dan de verdeling van nu.",
    starts_on=DAY,
)
REFUSAL = Proposal(
    Outcome.REJECTED, DAY, ground="ceiling", motivation="Er is geen geld meer.", departure="Anders."
)

pytestmark = pytest.mark.usefixtures("app")


def first_come(**rules: object) -> RoundDefinition:
    """A regiobeeld that needs no reviews and serves in order of receipt."""
    plain = KINDS["regiobeeld"]
    changed = plain.rules.model_dump() | {
        "distribution": "first_come",
        "criteria": (),
        "threshold_total": None,
        "tie_break": ("submitted_at",),
        **rules,
    }
    return RoundDefinition.model_validate(
        plain.model_dump(mode="json")
        | {
            "rules": plain.rules.model_validate(changed).model_dump(mode="json"),
            "reviewing": ReviewRules().model_dump(mode="json"),
            "uses_referents": False,
        }
    )


def make_line(states: tuple[str, ...], *, ceiling_cents: int = 2 * TEN_THOUSAND, **rules: object) -> Scene:
    """One application per state, an hour apart, each asking 10,000 euros."""
    round_ = make_round(
        "regiobeeld",
        opens_at=MOMENT - timedelta(days=60),
        closes_at=MOMENT + timedelta(days=20),
        ceiling_cents=ceiling_cents,
        definition=first_come(**rules),
    )
    applications = [
        make_application(
            round_,
            state,
            submitted_at=MOMENT - timedelta(days=9) + timedelta(hours=place),
            member=make_user(),
        )
        for place, state in enumerate(states)
    ]
    officers = [make_user(Role.OFFICER) for _ in range(2)]
    for officer in officers:
        declare(officer, round_)
        give_mandate(officer, round_id=round_.id)
    return Scene(round_, applications, actor_of(officers[0]), actor_of(officers[1]))


def refused(application: Application, proposal: Proposal = AWARD) -> str | None:
    try:
        competing.refuse_early(application, proposal, now=MOMENT)
    except DecisionError as error:
        return error.code
    return None


class TestOrderOfReceipt:
    @pytest.mark.parametrize(
        ("state", "code"),
        [
            ("submitted", "earlier_undecided"),
            ("eligible", "earlier_undecided"),
            ("in_review", "earlier_undecided"),
            ("rebuttal", "earlier_undecided"),
            ("advised", "earlier_undecided"),
            # Not complete: received when it is.
            ("supplement_requested", None),
            ("ineligible", None),
            ("withdrawn", None),
            ("draft", None),
        ],
    )
    def test_an_award_waits_for_who_was_received_before(self, state: str, code: str | None) -> None:
        scene = make_line((state, "eligible"), ceiling_cents=TEN_THOUSAND)
        assert refused(scene.applications[1]) == code
        assert refused(scene.applications[1], REFUSAL) == code

    def test_who_was_first_waits_for_nobody(self) -> None:
        scene = make_line(("eligible", "eligible"), ceiling_cents=TEN_THOUSAND)
        assert refused(scene.applications[0]) is None

    def test_what_says_nothing_of_the_others_waits_for_nobody(self) -> None:
        scene = make_line(("eligible", "eligible"), ceiling_cents=TEN_THOUSAND)
        assert refused(scene.applications[1], replace(REFUSAL, ground="not_eligible")) is None

    def test_money_for_all_who_were_before_waits_for_nobody(self) -> None:
        scene = make_line(("eligible", "submitted", "eligible"), ceiling_cents=3 * TEN_THOUSAND)
        assert [refused(one) for one in scene.applications] == [None, None, None]
        last = scene.applications[2]
        proposing.propose(last, AWARD, actor=scene.proposer, now=MOMENT)
        # A proposal lays claim to its money before it is confirmed.
        newest = make_application(scene.round, "eligible", submitted_at=MOMENT)
        assert refused(newest) == "earlier_undecided"

    def test_confirmed_money_counts_once(self) -> None:
        scene = make_line(("eligible", "eligible", "eligible"), ceiling_cents=3 * TEN_THOUSAND)
        first, _second, third = scene.applications
        scene.confirm(proposing.propose(first, AWARD, actor=scene.proposer, now=MOMENT))
        assert scene.round.promised_cents == TEN_THOUSAND
        assert refused(third) is None
        assert refused(third, replace(AWARD, amount_cents=TEN_THOUSAND + 1)) == "earlier_undecided"

    def test_who_completed_the_file_later_is_received_later(self) -> None:
        scene = make_line(("eligible", "eligible"), ceiling_cents=TEN_THOUSAND)
        first, second = scene.applications
        first.completed_at = MOMENT
        db.session.flush()
        assert (refused(first), refused(second)) == ("earlier_undecided", None)

    def test_less_for_want_of_money_waits_too(self) -> None:
        scene = make_line(("eligible", "eligible"), ceiling_cents=TEN_THOUSAND + 1)
        part = replace(AWARD, amount_cents=1, ground="ceiling")
        assert refused(scene.applications[1], part) == "earlier_undecided"

    def test_what_was_sent_back_waits_again(self) -> None:
        scene = make_line(("eligible", "eligible"), ceiling_cents=TEN_THOUSAND)
        first, second = scene.applications
        proposing.propose(first, AWARD, actor=scene.proposer, now=MOMENT)
        assert refused(second, REFUSAL) is None
        confirming.send_back(first, reason="Anders.", actor=scene.confirmer, now=MOMENT)
        assert refused(second, REFUSAL) == "earlier_undecided"

    def test_a_proposal_is_not_confirmed_over_who_was_sent_back(self) -> None:
        scene = make_line(("eligible", "eligible"), ceiling_cents=TEN_THOUSAND)
        first, second = scene.applications
        proposing.propose(
            first,
            replace(REFUSAL, ground="not_eligible", departure="Anders."),
            actor=scene.proposer,
            now=MOMENT,
        )
        later = proposing.propose(second, AWARD, actor=scene.proposer, now=MOMENT)
        confirming.send_back(first, reason="Toch wel.", actor=scene.confirmer, now=MOMENT)
        with pytest.raises(DecisionError) as error:
            scene.confirm(later)
        assert error.value.code == "earlier_undecided"
        assert (second.state, scene.round.promised_cents) == ("eligible", 0)

    def test_a_day_is_decided_when_it_is_over(self) -> None:
        scene = make_line(("eligible",), first_come_unit="day")
        (today,) = scene.applications
        today.submitted_at = MOMENT
        db.session.flush()
        assert refused(today) == "day_not_over"
        assert refused(today, replace(REFUSAL, ground="not_eligible")) is None
        competing.refuse_early(today, AWARD, now=MOMENT + timedelta(days=1))

    def test_who_came_on_one_day_stands_by_the_tie_break(self) -> None:
        scene = make_line(
            ("eligible", "eligible"),
            ceiling_cents=TEN_THOUSAND,
            first_come_unit="day",
            tie_break=("requested_asc",),
        )
        dear, cheap = scene.applications
        cheap.requested_cents = TEN_THOUSAND - 1
        db.session.flush()
        assert (refused(dear), refused(cheap)) == ("earlier_undecided", None)


class TestTogether:
    def test_a_batch_in_order_of_receipt_waits_for_nobody(self) -> None:
        scene = make_line(("eligible",) * 3, ceiling_cents=TEN_THOUSAND * 3 // 2)
        gathered = basis_gathering.gather(scene.round)
        competition = competing.of_round(scene.round, now=MOMENT)
        for application in scene.applications:
            proposal = suggest(gathered[application.id], announce_on=DAY)
            competition.refuse(application, proposal, today=TODAY)
            competition.settle(application, proposal)

    @pytest.mark.parametrize("rules", [{}, {"max_awards": 1}, {"one_award_per_region": True}])
    def test_what_the_division_gives_can_be_proposed_without_another_word(
        self, rules: dict[str, object]
    ) -> None:
        scene = make_line(("eligible",) * 3, ceiling_cents=TEN_THOUSAND * 3 // 2, **rules)
        gathered = basis_gathering.gather(scene.round)
        for application in scene.applications:
            suggested = suggest(gathered[application.id], announce_on=DAY)
            decision = proposing.propose(application, suggested, actor=scene.proposer, now=MOMENT)
            assert decision.motivation

    def test_a_round_that_compares_forgets_who_was_settled(self) -> None:
        scene = make_line(("eligible", "submitted"), distribution="tender")
        scene.round.closes_at = MOMENT - timedelta(days=1)
        db.session.flush()
        first, second = scene.applications
        competition = competing.of_round(scene.round, now=MOMENT)
        with pytest.raises(DecisionError, match="others_on_the_way"):
            competition.refuse(first, AWARD, today=TODAY)
        competition.settle(second, replace(REFUSAL, ground="not_eligible"))
        competition.refuse(first, AWARD, today=TODAY)

    def test_the_number_of_queries_does_not_grow(self, count_queries: Callable[[], QueryCount]) -> None:
        one, three = (make_line(("eligible",) * n, ceiling_cents=n * TEN_THOUSAND) for n in (1, 3))

        def ask(round_: Round, applications: list[Application]) -> int:
            with count_queries() as counted:
                competition = competing.of_round(round_, now=MOMENT)
                for application in applications:
                    competition.refuse(application, replace(AWARD, amount_cents=1), today=TODAY)
            return counted.count

        assert (ask(one.round, one.applications), ask(three.round, three.applications)) == (3, 3)
