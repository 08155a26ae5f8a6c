"""Drawing of lots: who drew which, and between whom a lot decided.

A lot is the SHA-256 of the seed of the round and the reference of the application (`scoring.lot_of`). The
seed is published with the rules, before anybody applies, so that anyone can draw every lot again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from workflows.rules import Rules, TieBreak
from workflows.scoring import Ranked, SortKey, lot_of, order_key
from workflows.snapshot import ApplicationSnapshot


@dataclass(frozen=True, slots=True)
class Drawn:
    """One application of the ranking with its lot (hexadecimal, smaller goes first).

    `tie` numbers, from 1, those that were equal on everything before the lot; None where no lot was needed.
    """

    reference: str
    rank: int
    lot: str
    tie: int | None


def draws_lots(rules: Rules) -> bool:
    """Tell whether equals are separated by lot in this round."""
    return TieBreak.LOT in rules.tie_break


def recipe(rules: Rules, reference: str) -> str:
    """Give the command for a shell that draws a lot again; it prints the lot, a space and a dash."""
    words = f"{rules.lot_seed}:{reference}".replace("'", "'\"'\"'")
    return f"printf '%s' '{words}' | sha256sum"


def drawn_in(
    rules: Rules, applications: Iterable[ApplicationSnapshot], ranking: Iterable[Ranked]
) -> tuple[Drawn, ...]:
    """Give the lots of all that have a rank, in order; none where the rules draw no lots."""
    if not draws_lots(rules):
        return ()
    by_reference = {one.reference: one for one in applications}
    in_order = sorted(((one.rank, one) for one in ranking if one.rank is not None), key=lambda one: one[0])
    drawn: list[Drawn] = []
    ties = 0
    for _, group in groupby(in_order, key=lambda one: _before_the_lot(rules, by_reference, one[1])):
        equals = list(group)
        tied = len(equals) > 1
        ties += tied
        drawn += [
            Drawn(one.reference, rank, lot_of(rules, one.reference), ties if tied else None)
            for rank, one in equals
        ]
    return tuple(drawn)


def decided_by_lot(
    rules: Rules, applications: Iterable[ApplicationSnapshot], ranking: Iterable[Ranked]
) -> Mapping[str, str]:
    """Give the lot of every application whose place a lot decided, by reference."""
    return {one.reference: one.lot for one in drawn_in(rules, applications, ranking) if one.tie is not None}


def ties_of(drawn: Iterable[Drawn]) -> tuple[Sequence[Drawn], ...]:
    """Give the ties that a lot decided, each in the order that it gave."""
    tied = (one for one in drawn if one.tie is not None)
    return tuple(list(group) for _, group in groupby(tied, key=lambda one: one.tie))


def _before_the_lot(rules: Rules, by_reference: Mapping[str, ApplicationSnapshot], ranked: Ranked) -> SortKey:
    return order_key(rules, by_reference[ranked.reference], ranked, until=TieBreak.LOT)
