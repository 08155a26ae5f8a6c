"""The order of priority of the committee: places that go before the score.

Who has a priority stands before who has none (`scoring.rank`), so one number alone cannot hold a place in
the middle of the order. The numbers that hold an order are therefore 1..k for its first k applications,
where k is as small as it can be: the rest follows by itself, by score. The order of the scores needs none.
"""

from collections.abc import Iterable, Mapping, Sequence

from workflows.scoring import rank
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot


def order_now(
    round: RoundSnapshot, applications: Iterable[ApplicationSnapshot], eligible: Mapping[str, bool]
) -> tuple[str, ...]:
    """Give the references of the fundable applications in the order that counts now."""
    return tuple(one.reference for one in rank(round, applications, eligible) if one.fundable)


def order_by_score(
    round: RoundSnapshot, applications: Iterable[ApplicationSnapshot], eligible: Mapping[str, bool]
) -> tuple[str, ...]:
    """Give the same as it would be if the committee had placed none; agreed scores do count."""
    return order_now(round, [_without_place(one) for one in applications], eligible)


def placed(order: Sequence[str], reference: str, place: int) -> tuple[str, ...]:
    """Give the order with one application on this place, counted from 1; the others keep theirs.

    A place beyond either end is that end.
    """
    others = [one for one in order if one != reference]
    before = min(max(place, 1), len(order)) - 1
    return (*others[:before], reference, *others[before:])


def priorities(order: Sequence[str], by_score: Sequence[str]) -> dict[str, int]:
    """Give the fewest numbers, from 1 without a gap, that make `scoring.rank` give this order.

    Both hold the same references; who is not in the answer has no number.
    """
    places = {reference: place for place, reference in enumerate(by_score)}
    held = len(order)
    # What stands below `held` follows by score, each after the one above it.
    while held and (held == len(order) or places[order[held - 1]] < places[order[held]]):
        held -= 1
    return {reference: number for number, reference in enumerate(order[:held], start=1)}


def departing(order: Sequence[str], by_score: Sequence[str]) -> frozenset[str]:
    """Give who stands before an application with a better score, or after one with a worse."""
    places = {name: place for place, name in enumerate(by_score)}
    found = set()
    lowest_above = -1
    for one in order:
        if places[one] < lowest_above:
            found.add(one)
        lowest_above = max(lowest_above, places[one])
    highest_below = len(order)
    for one in reversed(order):
        if places[one] > highest_below:
            found.add(one)
        highest_below = min(highest_below, places[one])
    return frozenset(found)


def place_by_score(order: Sequence[str], by_score: Sequence[str], reference: str) -> int:
    """Give the place (from 1) at which it departs from as few others as can be; the highest of equals."""
    places = {name: place for place, name in enumerate(by_score)}
    mine = places[reference]
    others = [one for one in order if one != reference]
    # On the first place it stands before all; each step down sets one more before it.
    wrong = sum(places[other] < mine for other in others)
    best, least = 1, wrong
    for place, other in enumerate(others, start=2):
        wrong += -1 if places[other] < mine else 1
        if wrong < least:
            best, least = place, wrong
    return best


def _without_place(application: ApplicationSnapshot) -> ApplicationSnapshot:
    panel = application.panel
    if panel is None or panel.priority is None:
        return application
    return application.model_copy(update={"panel": panel.model_copy(update={"priority": None})})
