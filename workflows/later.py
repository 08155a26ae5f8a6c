"""Which decision can take the place of another, and what the law asks of it.

A decision is never edited: a new one names the old. What kind it can be follows from the decision in force.
"""

from workflows.mandates import DecisionKind
from workflows.snapshot import Decision as Outcome

K = DecisionKind

# What each kind can give. Not processed is decided once, within four weeks (Awb 4:5(4)): never afterwards.
GIVES: dict[DecisionKind, tuple[Outcome, ...]] = {
    K.CORRECTION: (Outcome.AWARDED, Outcome.REJECTED),
    K.WITHDRAWAL: (Outcome.WITHDRAWN,),
    K.INCREASE: (Outcome.AWARDED,),
    K.RESERVE: (Outcome.AWARDED,),
    K.REMEDY: (Outcome.AWARDED, Outcome.REJECTED),
}
# Paid from money that came free, so given in the order of the list and to nobody else.
FROM_THE_LIST = frozenset({K.INCREASE, K.RESERVE})


def possible(
    outcome: Outcome, *, cut_short: bool, on_list: bool, remedied: bool = False
) -> tuple[DecisionKind, ...]:
    """Give the kinds of decision that can follow the one in force.

    `cut_short`: it awarded a part because the ceiling was reached; `on_list`: it gave a reserve place;
    `remedied`: it followed an objection, an appeal or a court order. A withdrawal takes away an award (Awb
    4:48, 4:50). What was withdrawn can only come back by a correction or a remedy. What a remedy awarded can
    lie outside the ceiling (Awb 4:25(3)): only another remedy leaves it there.
    """
    awarded = outcome is Outcome.AWARDED
    holds = {
        K.CORRECTION: not (awarded and remedied),
        K.WITHDRAWAL: awarded,
        K.INCREASE: awarded and cut_short and not remedied,
        K.RESERVE: outcome is Outcome.REJECTED and on_list,
        K.REMEDY: True,
    }
    return tuple(kind for kind, can in holds.items() if can)


def refusal(
    kind: DecisionKind,
    outcome: Outcome,
    *,
    before: Outcome,
    before_cents: int,
    amount_cents: int,
    coded: bool,
) -> str | None:
    """Give the code of why a decision of this kind cannot say this, or None; `possible` was asked already.

    `coded`: it names a ground of the law. Amounts in euro cents; what an award may give at most is the
    machine's to say.
    """
    if outcome not in GIVES.get(kind, ()):
        return "outcome_impossible"
    if outcome is Outcome.REJECTED and before is Outcome.WITHDRAWN:
        return "outcome_impossible"
    if kind is K.WITHDRAWAL and not coded:
        return "coded_needed"
    if kind is K.INCREASE and amount_cents <= before_cents:
        return "increase_lowers"
    return None
