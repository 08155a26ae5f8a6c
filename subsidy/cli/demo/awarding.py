"""Awarding in the demo: a round from the file of real regions, its decisions, and those that replace them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import click
from sqlalchemy import select

from subsidy.cli.demo import people, publishing
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.data import FOLDER
from subsidy.db import db
from subsidy.models import Application, Decision, Membership, ProposalBatch, Round
from subsidy.services import announcements, confirming, interest_rounds, later_decisions, proposal_batches
from subsidy.services.proposal import Proposal, coded_of
from subsidy.services.proposal_batches import Wish
from subsidy.services.round_file_import import import_round
from workflows.calendar_nl import AMSTERDAM, propose_working_day
from workflows.mandates import DecisionKind
from workflows.permissions import SYSTEM, Access

FILE = FOLDER / "demo" / "regiobeeld-1.json"
# Who proposes, and who reads the letters and stands for them.
PROPOSER, CONFIRMER = "medewerker", "medewerker2"
# Days between the proposal of a later decision, its confirmation and its announcement.
TO_CONFIRM, TO_ANNOUNCE = 2, 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One application of a round: its region in the file, who applied, and on which day after the opening.

    `scored_as` is the region whose reviews it gets, when not its own.
    """

    region: str
    applicant: str
    day: int
    hour: int = 10
    scored_as: str = ""


def brought_in(
    persons: Persons,
    number: int,
    entries: Sequence[Entry],
    *,
    opens: date,
    closes: date,
    ceiling_cents: int,
    rules: Mapping[str, Any],
    day: date,
) -> Round:
    """Bring a round of regiobeeld in, with other rules than those of the file; None leaves one out."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    known = {one["region"]["name"]: one for one in document["applications"]}
    changed = {**document["round"]["rules"], **rules}
    document["round"] |= {
        "slug": f"regiobeeld-{number}",
        "number": number,
        "title": f"Regiobeeld, ronde {number}",
        "opens_at": moment(opens, 9).isoformat(),
        "closes_at": moment(closes, 14).isoformat(),
        "ceiling_cents": ceiling_cents,
        "rules": {name: value for name, value in changed.items() if value is not None},
    }
    criteria = document["round"]["rules"].get("criteria", ())
    document["applications"] = [
        known[one.region]
        | {
            "reference": f"JZOJP-RB{number}-{place:03}",
            "submitted_at": _received(opens, one).isoformat(),
            "reviews": known[one.scored_as or one.region]["reviews"] if criteria else [],
        }
        for place, one in enumerate(entries, start=1)
    ]
    with at(moment(day)) as now:
        round_ = import_round(json.dumps(document).encode(), actor=SYSTEM, now=now)
        for application, entry in zip(publishing.applications_of(round_), entries, strict=True):
            who = persons[entry.applicant].id
            application.members.append(Membership(user_id=who, capacity=Access.LEAD.value))
    return round_


def declare(round_: Round, persons: Persons, *, now: datetime) -> None:
    """Let both officers say that they have no interest in a round."""
    for key in (PROPOSER, CONFIRMER):
        shown = interest_rounds.shown(round_)
        actor = people.actor(persons, key)
        interest_rounds.declare_round(round_, shown, why="", actor=actor, now=now)


def propose(round_: Round, wish: Wish, persons: Persons, *, now: datetime) -> ProposalBatch:
    """Propose for a round at once, and draw the letters; what was refused stands in the batch."""
    batch = proposal_batches.ask(round_, wish, actor=people.actor(persons, PROPOSER), now=now)
    db.session.commit()
    work()
    db.session.refresh(batch)
    if batch.finished_at is None:
        raise click.ClickException("not proposed")
    return batch


def decide(round_: Round, persons: Persons, *, proposed: date, confirmed: date, announced: date) -> None:
    """Take every decision of a round as the division says, and tell everybody."""
    with at(moment(proposed)) as now:
        declare(round_, persons, now=now)
        batch = propose(round_, Wish(announced), persons, now=now)
        if batch.refused:
            raise click.ClickException(f"not proposed: {batch.refused}")
    with at(moment(confirmed)) as now:
        confirm(decisions_of(round_), persons, now=now)
    announce(round_, persons, day=announced)


def confirm(decisions: Iterable[Decision], persons: Persons, *, now: datetime) -> None:
    """Let the second officer stand for the letters."""
    actor = people.actor(persons, CONFIRMER)
    for decision in decisions:
        letter = decision.letter_sha256 or ""
        confirming.confirm(decision.application, letter_sha256=letter, actor=actor, now=now)


def announce(round_: Round, persons: Persons, *, day: date) -> None:
    """Send the letters that were confirmed; who has no account gets it by post."""
    with at(moment(day)) as now:
        work()
        for decision in decisions_of(round_):
            if decision.confirmed_at is not None and decision.announced_at is None:
                actor = people.actor(persons, PROPOSER)
                announcements.announce_by_post(decision.application, actor=actor, now=now)


def replace_decision(
    application: Application,
    kind: DecisionKind,
    persons: Persons,
    *,
    first: date,
    coded: Sequence[str] = (),
    most_cents: int | None = None,
    **said: Any,
) -> None:
    """Take a decision in the place of the one in force, from its proposal to its letter.

    `said` is what differs from what the office suggests.
    """
    proposed, confirmed, announced = (
        propose_working_day(first + timedelta(days=days)) for days in (0, TO_CONFIRM, TO_ANNOUNCE)
    )
    with at(moment(proposed, 11)) as now:
        old = later_decisions.find_in_force(application)
        if old is None:
            raise click.ClickException(f"{application.reference}: nothing to replace")
        proposal: Proposal = replace(
            later_decisions.suggest_later(old, kind, announce_on=announced, most_cents=most_cents), **said
        )
        if coded:
            proposal = replace(proposal, coded=coded_of(coded))
        actor = people.actor(persons, PROPOSER)
        decision = later_decisions.propose_later(application, proposal, actor=actor, now=now)
        db.session.commit()
        work()
        db.session.refresh(decision)
    with at(moment(confirmed, 11)) as now:
        confirm([decision], persons, now=now)
    announce(application.round, persons, day=announced)


def decisions_of(round_: Round) -> list[Decision]:
    """Give the decisions of a round in the order in which they were proposed."""
    query = select(Decision).where(Decision.round_id == round_.id).order_by(Decision.id)
    return list(db.session.scalars(query))


def _received(opens: date, entry: Entry) -> datetime:
    return datetime.combine(opens + timedelta(days=entry.day), time(entry.hour, 15), AMSTERDAM)
