"""regiobeeld-3: a round that is open and serves in order of receipt; its money is used up, a lot decided."""

from datetime import date, timedelta

import click

from subsidy.cli.demo import awarding, people, publishing
from subsidy.cli.demo.awarding import PROPOSER, Entry
from subsidy.cli.demo.clockwork import at, moment
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import before
from subsidy.services import rounds
from subsidy.services.proposal_batches import Wish
from workflows.calendar_nl import propose_working_day

# Amsterdam and Heerenveen came on the same day, when there was money for one of the two. The last came later.
ENTRIES = (
    Entry("Twente", "aanvrager3", 0, 9),
    Entry("Mijnstreek", "aanvrager4", 1, 14),
    Entry("Amsterdam", "aanvrager2", 3, 9),
    Entry("Heerenveen", "aanvrager7", 3, 16),
    Entry("Texel", "aanvrager5", 9),
)
SERVED = 4
CEILING = 2_990_000
RULES = {
    "distribution": "first_come",
    "first_come_unit": "day",
    "tie_break": ["lot"],
    "lot_seed": "regiobeeld-3, demo",
    "min_reviews": 0,
    "partial_award": False,
    "min_partial_cents": None,
    # Nothing is scored.
    "criteria": None,
    "threshold_total": None,
}


def load(persons: Persons, *, today: date) -> None:
    """Decide on who came first; the one after them waits for a proposal."""
    round_ = awarding.brought_in(
        persons,
        3,
        ENTRIES,
        opens=before(today, 30),
        closes=today + timedelta(days=33),
        ceiling_cents=CEILING,
        rules=RULES,
        day=before(today, 20),
    )
    proposed, confirmed, announced = (propose_working_day(before(today, days)) for days in (18, 15, 11))
    references = [one.reference or "" for one in publishing.applications_of(round_)]
    with at(moment(proposed)) as now:
        rounds.clear_phase(round_, actor=people.actor(persons, PROPOSER), now=now)
        awarding.declare(round_, persons, now=now)
        wish = Wish(announced, references=frozenset(references[:SERVED]))
        batch = awarding.propose(round_, wish, persons, now=now)
        if batch.refused:
            raise click.ClickException(f"not proposed: {batch.refused}")
    with at(moment(confirmed)) as now:
        awarding.confirm(awarding.decisions_of(round_), persons, now=now)
    awarding.announce(round_, persons, day=announced)
