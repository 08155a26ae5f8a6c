"""A proposal for who reviews what: asked for, changed by hand, confirmed.

There is one open proposal in a round; asking for another drops it. A proposal holds the files that the
officer who asked may see. Another officer, who has an interest in one of these, neither sees nor confirms
the pairs of that file: it stays as it was, for the next proposal (Awb 2:4).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from subsidy.db import LOCK, db
from subsidy.models import Application, AssignmentProposal, ProposedPair, Round, User
from subsidy.services import assignment, assignment_problem, events, outbox, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.assignment_problem import Choices, Signs
from subsidy.services.reach import hidden_from
from subsidy.services.snapshots import definition_of
from workflows.assignment import Pair, Problem, obstacle
from workflows.calendar_nl import day_of
from workflows.permissions import Actor, Can, may

OPEN = ("waiting", "failed", "ready")


class ProposalError(Exception):
    """A step is refused: a stable code.

    `without_referents`, `not_ready`, `changed_meanwhile`, `barred` (an interest, or an organisation, person
    or earlier application that connects them), `not_a_reviewer`, `not_assignable`, `already`, `is_kept`.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class Change:
    """Why a pair cannot be any more: `not_assignable`, `not_a_reviewer`, `barred` or `already`."""

    code: str
    reference: str
    name: str


class WorldChangedError(Exception):
    """Since the proposal was made something happened that stands in its way; nothing was confirmed."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        super().__init__(changes)
        self.changes = changes


def ask(round_: Round, choices: Choices, *, actor: Actor, now: datetime) -> AssignmentProposal:
    """Ask for a proposal; the same question that still waits is not asked twice.

    Raises ProposalError `without_referents`; NotAllowedError.
    """
    _permit(round_, actor, now)
    if not definition_of(round_).uses_referents:
        raise ProposalError("without_referents")
    db.session.refresh(round_, with_for_update=LOCK)
    for earlier in db.session.scalars(
        select(AssignmentProposal)
        .where(AssignmentProposal.round_id == round_.id, AssignmentProposal.state.in_(OPEN))
        .order_by(AssignmentProposal.id)
        .with_for_update(key_share=True)
    ).all():
        same = (earlier.due_on, earlier.settings) == (choices.due_on, choices.to_json())
        if earlier.state == "waiting" and same and earlier.asked_by == actor.user_id:
            return earlier
        earlier.state = "dropped"
        earlier.version += 1
    proposal = AssignmentProposal(
        round_id=round_.id,
        due_on=choices.due_on,
        settings=choices.to_json(),
        asked_by=actor.user_id,
        asked_at=now,
    )
    db.session.add(proposal)
    db.session.flush()
    outbox.post("assign", f"assign:{proposal.id}", {"proposal_id": proposal.id}, now=now)
    return proposal


def ask_again(proposal: AssignmentProposal, *, actor: Actor, now: datetime) -> AssignmentProposal:
    """Ask for the same once more: what was added or taken out by hand stays so, and the rest where it can."""
    round_ = db.session.get_one(Round, proposal.round_id)
    earlier = Choices.from_json(proposal.settings, proposal.due_on)
    pairs = pairs_of(proposal)
    choices = replace(
        earlier,
        previous=frozenset(pair for pair, row in pairs.items() if row.origin == "proposed"),
        fixed=frozenset(pair for pair, row in pairs.items() if row.origin == "by_hand"),
    )
    return ask(round_, choices, actor=actor, now=now)


def find_open(round_: Round) -> AssignmentProposal | None:
    """Return the proposal of a round that is being made or waits for an officer; the index serves it."""
    return db.session.scalars(
        select(AssignmentProposal)
        .where(AssignmentProposal.round_id == round_.id, AssignmentProposal.state.in_(OPEN))
        .order_by(AssignmentProposal.id.desc())
        .limit(1)
    ).one_or_none()


def find(round_: Round, proposal_id: int) -> AssignmentProposal | None:
    """Return a proposal of this round."""
    return db.session.scalars(
        select(AssignmentProposal).where(
            AssignmentProposal.id == proposal_id, AssignmentProposal.round_id == round_.id
        )
    ).one_or_none()


def pairs_of(proposal: AssignmentProposal) -> dict[Pair, ProposedPair]:
    """Return every pair of a proposal, as it stands now."""
    rows = db.session.scalars(
        select(ProposedPair)
        .where(ProposedPair.proposal_id == proposal.id)
        .order_by(ProposedPair.application_id, ProposedPair.id)
    )
    return {(row.application_id, row.user_id): row for row in rows}


def problem_of(
    proposal: AssignmentProposal,
    actor: Actor,
    *,
    now: datetime,
    only: Collection[int],
    signs: Signs | None = None,
) -> Problem:
    """Return what stands in the way of these applications now, whatever was chosen or changed by hand."""
    round_ = db.session.get_one(Round, proposal.round_id)
    choices = Choices.from_json(proposal.settings, proposal.due_on)
    plain = replace(choices, previous=frozenset(), fixed=frozenset(), without=frozenset())
    return assignment_problem.read(round_, actor, plain, today=day_of(now), only=only, signs=signs)


def remove_pair(
    proposal: AssignmentProposal, pair: Pair, *, version: int, actor: Actor, now: datetime
) -> None:
    """Take a pair out of a proposal; making it again does not bring it back.

    Raises ProposalError `not_ready`, `changed_meanwhile`, `is_kept`; NotAllowedError.
    """
    _open(proposal, version, pair[0], actor, now)
    row = pairs_of(proposal).get(pair)
    if row is None:
        raise ProposalError("changed_meanwhile")
    if row.origin == "kept":
        raise ProposalError("is_kept")
    db.session.delete(row)
    _remember(proposal, pair, wanted=False)


def add_pair(proposal: AssignmentProposal, pair: Pair, *, version: int, actor: Actor, now: datetime) -> None:
    """Add a person to an application by hand, whatever they have to do and whatever warnings there are.

    Raises ProposalError `barred`, `not_a_reviewer`, `not_assignable`, `already`, `not_ready`,
    `changed_meanwhile`; NotAllowedError.
    """
    _open(proposal, version, pair[0], actor, now)
    problem = problem_of(proposal, actor, now=now, only={pair[0]})
    fault = _fault(problem, pair)
    if fault is None and pair in pairs_of(proposal):
        fault = "already"
    if fault is not None:
        raise ProposalError(fault)
    reasons: list[dict[str, Any]] = [{"code": "by_hand"}]
    if problem.warnings(pair):
        reasons.append({"code": "despite", "warnings": sorted(problem.warnings(pair))})
    db.session.add(
        ProposedPair(
            proposal_id=proposal.id,
            application_id=pair[0],
            user_id=pair[1],
            origin="by_hand",
            reasons=reasons,
        )
    )
    _remember(proposal, pair, wanted=True)


def confirm(proposal: AssignmentProposal, *, version: int, actor: Actor, now: datetime) -> int:
    """Ask everybody as proposed; returns how many reviews were asked.

    Raises WorldChangedError when a pair cannot be any more; ProposalError `not_ready`, `changed_meanwhile`;
    NotAllowedError.
    """
    round_ = db.session.get_one(Round, proposal.round_id)
    _permit(round_, actor, now)
    db.session.refresh(round_, with_for_update=LOCK)
    lock(proposal)
    _check(proposal, version)
    hidden = set(hidden_from(actor))
    wanted = sorted(
        pair for pair, row in pairs_of(proposal).items() if row.origin != "kept" and pair[0] not in hidden
    )
    # Nobody is asked for a file that changes meanwhile.
    db.session.scalars(
        select(Application)
        .where(Application.id.in_({file for file, _person in wanted}))
        .order_by(Application.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    problem = problem_of(proposal, actor, now=now, only={file for file, _person in wanted})
    faults = [(fault, pair) for pair in wanted if (fault := _fault(problem, pair)) is not None]
    if faults:
        raise WorldChangedError(_told(faults))
    made = assignment.ask(round_, wanted, due_on=proposal.due_on, actor=actor, now=now)
    proposal.state = "confirmed"
    proposal.confirmed_by, proposal.confirmed_at = actor.user_id, now
    proposal.version += 1
    events.append(
        "assignment.confirmed",
        at=now,
        actor_id=actor.user_id,
        round_id=round_.id,
        facts={"proposal": proposal.id, "reviews": made},
    )
    db.session.flush()
    return made


def _fault(problem: Problem, pair: Pair) -> str | None:
    """Tell why a pair cannot be, whoever wants it: load, days away and warnings are an officer's to weigh."""
    file = next((one for one in problem.files if one.id == pair[0]), None)
    person = next((one for one in problem.reviewers if one.id == pair[1]), None)
    if file is None:
        return "not_assignable"
    if person is None:
        return "not_a_reviewer"
    found = obstacle(problem, file, person)
    return found if found in {"barred", "already"} else None


def _told(faults: Collection[tuple[str, Pair]]) -> tuple[Change, ...]:
    files, people = ({pair[at] for _fault, pair in faults} for at in (0, 1))
    references = {
        row.id: row.reference
        for row in db.session.execute(
            select(Application.id, Application.reference).where(Application.id.in_(files))
        )
    }
    names = {
        row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(people)))
    }
    return tuple(Change(code, references[file] or "", names[person]) for code, (file, person) in faults)


def _remember(proposal: AssignmentProposal, pair: Pair, *, wanted: bool) -> None:
    """Let a proposal that is made again know what an officer took out, and not what they put back."""
    choices = Choices.from_json(proposal.settings, proposal.due_on)
    without = choices.without - {pair} if wanted else choices.without | {pair}
    proposal.settings = replace(choices, without=without).to_json()
    proposal.version += 1
    db.session.flush()


def _open(proposal: AssignmentProposal, version: int, file: int, actor: Actor, now: datetime) -> None:
    _permit(db.session.get_one(Round, proposal.round_id), actor, now)
    if file in hidden_from(actor):
        raise NotAllowedError(Can.ASSIGNMENT_MANAGE)
    lock(proposal)
    _check(proposal, version)


def lock(proposal: AssignmentProposal) -> None:
    """Let nobody else change a proposal until this transaction ends."""
    db.session.refresh(proposal, with_for_update=LOCK)


def _check(proposal: AssignmentProposal, version: int) -> None:
    if proposal.state != "ready":
        raise ProposalError("not_ready")
    if proposal.version != version:
        raise ProposalError("changed_meanwhile")


def _permit(round_: Round, actor: Actor, now: datetime) -> None:
    if not may(actor, Can.ROUND_EDIT, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.ASSIGNMENT_MANAGE)
