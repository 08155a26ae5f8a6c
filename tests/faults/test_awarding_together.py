"""Two to eight officers propose, confirm, announce, withdraw and move up at once, in many random orders.

`scripts/soak award` plays ten thousand of them; here is a sample. Each fault names the seed of its play.
"""

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask

from tests.faults.awarding import Play, open_house
from tests.faults.awarding_steps import set_up
from tests.faults.awarding_truth import confirmed_kinds, faults
from workflows.mandates import DecisionKind

# A database is made for this many plays; more of them for a long run, because making one takes seconds.
PLAYS_IN_A_HOUSE, IN_A_LONG_RUN = 25, 100
# What every house sees, and what only comes by often enough in a long run to ask for it.
DONE = {
    "proposed first",
    "proposed correction",
    "proposed withdrawal",
    "proposed remedy",
    "batch proposed",
    "confirmed",
    "confirmed in a batch",
    "announced",
}
DONE_IN_LONG = {
    *(f"proposed {kind}" for kind in DecisionKind),
    "announced together",
    "sent back",
    "signed anew",
    "ceiling changed",
}
REFUSED = {"already_proposed", "already_confirmed", "ceiling_exceeded", "decision:confirm"}
REFUSED_IN_LONG = {"not_next", "money_short", "not_announced_yet", "others_on_the_way", "received_before"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Spread the plays over houses of their own, so that the workers share them."""
    plays = metafunc.config.getoption("--award-plays")
    size = PLAYS_IN_A_HOUSE if plays <= IN_A_LONG_RUN else IN_A_LONG_RUN
    houses = [range(start, min(start + size, plays)) for start in range(0, plays, size)]
    metafunc.parametrize("seeds", houses, ids=[f"from {one.start}" for one in houses])


def test_never_over_the_ceiling_nothing_lost_and_the_refused_are_told_why(
    office: Flask, seeds: range, record_property: Callable[[str, object], None]
) -> None:
    house = open_house(office)
    done: Counter[str] = Counter()
    refused: Counter[tuple[str, str]] = Counter()
    for seed in seeds:
        play = Play(house, seed).run(set_up)
        assert [f"play {seed}: {fault}" for fault in faults(play)] == []
        done += play.done + confirmed_kinds(play.round())
        refused += play.refused
    record_property("done", dict(done))
    record_property("refused", {f"{about}: {code}": number for (about, code), number in refused.items()})
    # The plays are about something: all that can be done was done, and money ran out.
    long = len(seeds) == IN_A_LONG_RUN
    assert done.keys() >= (DONE | DONE_IN_LONG if long else DONE)
    assert {code for _, code in refused} >= (REFUSED | REFUSED_IN_LONG if long else REFUSED)
