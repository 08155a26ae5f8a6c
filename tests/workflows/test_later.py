"""Which decision can take the place of another."""

import pytest

from workflows.later import possible, refusal
from workflows.mandates import DecisionKind
from workflows.snapshot import Decision as Outcome

K, Gives = DecisionKind, Outcome


@pytest.mark.parametrize(
    ("outcome", "facts", "kinds"),
    [
        (Gives.AWARDED, {}, {K.CORRECTION, K.WITHDRAWAL, K.REMEDY}),
        (Gives.AWARDED, {"cut_short": True}, {K.CORRECTION, K.WITHDRAWAL, K.INCREASE, K.REMEDY}),
        (Gives.REJECTED, {}, {K.CORRECTION, K.REMEDY}),
        (Gives.REJECTED, {"on_list": True}, {K.CORRECTION, K.RESERVE, K.REMEDY}),
        (Gives.NOT_PROCESSED, {}, {K.CORRECTION, K.REMEDY}),
        (Gives.WITHDRAWN, {}, {K.CORRECTION, K.REMEDY}),
    ],
)
def test_what_can_follow(outcome: Outcome, facts: dict[str, bool], kinds: set[DecisionKind]) -> None:
    assert set(possible(outcome, **{"cut_short": False, "on_list": False, **facts})) == kinds


@pytest.mark.parametrize(
    ("kind", "outcome", "changes", "code"),
    [
        (K.WITHDRAWAL, Gives.WITHDRAWN, {}, "coded_needed"),
        (K.WITHDRAWAL, Gives.WITHDRAWN, {"coded": True}, None),
        (K.WITHDRAWAL, Gives.REJECTED, {"coded": True}, "outcome_impossible"),
        (K.CORRECTION, Gives.NOT_PROCESSED, {}, "outcome_impossible"),
        (K.CORRECTION, Gives.REJECTED, {"before": Gives.WITHDRAWN}, "outcome_impossible"),
        (K.CORRECTION, Gives.AWARDED, {"amount_cents": 50}, None),
        (K.INCREASE, Gives.AWARDED, {"amount_cents": 100}, "increase_lowers"),
        (K.INCREASE, Gives.AWARDED, {"amount_cents": 101}, None),
        (K.RESERVE, Gives.REJECTED, {}, "outcome_impossible"),
        (K.REMEDY, Gives.REJECTED, {}, None),
        (K.FIRST, Gives.AWARDED, {}, "outcome_impossible"),
    ],
)
def test_what_it_can_say(
    kind: DecisionKind, outcome: Outcome, changes: dict[str, object], code: str | None
) -> None:
    facts = {"before": Gives.AWARDED, "before_cents": 100, "amount_cents": 0, "coded": False, **changes}
    assert refusal(kind, outcome, **facts) == code
