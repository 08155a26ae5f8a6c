"""What a meeting of the committee rests on: its quorum, and the order in which it takes the applications."""

from collections.abc import Iterable

from workflows.scoring import Ranked


def quorum_of(expected: int, percent: int) -> int:
    """Give how many of those expected have to be there: this percentage of them, rounded up."""
    return -(-expected * percent // 100)


def order_of_agenda(ranked: Iterable[Ranked]) -> tuple[str, ...]:
    """Give the references in the order to discuss: the highest total first, without a total last.

    Equals go by reference. An agreed order of priority is what the meeting makes, so it does not count.
    """
    known = sorted(ranked, key=lambda one: (one.total is None, -(one.total or 0), one.reference))
    return tuple(one.reference for one in known)
