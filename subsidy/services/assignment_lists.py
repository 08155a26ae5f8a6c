"""A proposal for who reviews what as a page shows it: per application, per person, and who could be added.

What an officer may not see is left out everywhere, of the load of a person too (Awb 2:4). What would help
is only told to who sees every file that it is about.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import AssignmentProposal, ProposedPair, Round, User
from subsidy.services import assignable
from subsidy.services.assignable import File
from subsidy.services.assignment_proposals import problem_of
from subsidy.services.interest_warnings import warnings_in
from subsidy.services.reach import hidden_from
from workflows.assignment import obstacle
from workflows.assignment_reasons import reasons_of
from workflows.interests import Sign
from workflows.permissions import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One person on one application; `origin` is kept, proposed or by_hand."""

    user_id: int
    name: str
    organisation: str
    origin: str
    reasons: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One application: who is proposed, how many are missing, and how many people what kept away."""

    file: File
    lines: tuple[Line, ...]
    short: int
    obstacles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has and gets, in the files that this officer may see. `most`: what they can take on."""

    user_id: int
    name: str
    organisation: str
    kept: int
    new: int
    most: int

    @property
    def total(self) -> int:
        """All reviews together."""
        return self.kept + self.new


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of a proposal with the figures of the whole; `advice` is empty for who does not see it all."""

    rows: tuple[Row, ...]
    next_after: str | None
    loads: tuple[Load, ...]
    files: int
    new: int
    short: int
    advice: Sequence[Mapping[str, Any]]
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is not on an application yet; without an `obstacle` at most their load is in the way."""

    load: Load
    reasons: Sequence[Mapping[str, Any]]
    signs: Sequence[Sign]
    obstacle: str | None

    @property
    def can_be_added(self) -> bool:
        """An officer may weigh all but an interest."""
        return self.obstacle != "barred"


def overview(proposal: AssignmentProposal, round_: Round, actor: Actor, *, after: str = "") -> Overview:
    """Return a page of a proposal; the same number of queries whatever its size."""
    files, _more = assignable.find_files(actor, round_, limit=None)
    lines = _lines(proposal)
    hidden = set(hidden_from(actor))
    whole = hidden.isdisjoint({*lines, *(int(one) for one in proposal.result.get("missing", {}))})
    rows = [_row(proposal, file, lines.get(file.id, ())) for file in files]
    later = [one for one in rows if one.file.reference > after]
    loads = _loads(
        proposal, round_, {key: value for key, value in lines.items() if key not in hidden}, hidden
    )
    return Overview(
        rows=tuple(later[:PAGE]),
        next_after=later[PAGE - 1].file.reference if len(later) > PAGE else None,
        loads=loads,
        files=len(rows),
        new=sum(one.new for one in loads),
        short=sum(one.short for one in rows),
        advice=proposal.result.get("advice", []) if whole else [],
        names={one.user_id: one.name for one in loads},
    )


def row_of(proposal: AssignmentProposal, round_: Round, actor: Actor, application_id: int) -> Row | None:
    """Return one application of a proposal; None when there is no such file for this person."""
    files, _more = assignable.find_files(actor, round_, only={application_id})
    if not files:
        return None
    return _row(proposal, files[0], _lines(proposal).get(application_id, ()))


def candidates(
    proposal: AssignmentProposal, round_: Round, actor: Actor, row: Row, *, now: datetime
) -> list[Candidate]:
    """Return who could be added to an application: without obstacles and with the most room first."""
    application_id = row.file.id
    signs = warnings_in(round_, application_ids={application_id})
    problem = problem_of(proposal, actor, now=now, only={application_id}, signs=signs)
    hidden = set(hidden_from(actor))
    lines = {key: value for key, value in _lines(proposal).items() if key not in hidden}
    loads = {one.user_id: one for one in _loads(proposal, round_, lines, hidden)}
    file = problem.files[0]
    taken = {one.user_id for one in row.lines} | row.file.taken()
    found = [
        Candidate(
            load=loads[person.id],
            reasons=reasons_of(file, person),
            signs=signs.get((application_id, person.id), ()),
            obstacle=obstacle(problem, file, person),
        )
        for person in problem.reviewers
        if person.id not in taken and person.id in loads
    ]
    order = {None: 0, "warned": 1, "language": 2, "away": 2, "barred": 3}
    return sorted(
        found,
        key=lambda one: (
            order.get(one.obstacle, 2),
            one.load.total / max(1, one.load.most),
            -len(one.reasons),
            one.load.name.casefold(),
            one.load.user_id,
        ),
    )


def _row(proposal: AssignmentProposal, file: File, lines: Sequence[Line]) -> Row:
    new = sum(one.origin != "kept" for one in lines)
    short = max(0, file.short - new)
    obstacles = proposal.result.get("missing", {}).get(str(file.id), {}) if short else {}
    return Row(file, tuple(lines), short, obstacles)


def _lines(proposal: AssignmentProposal) -> Mapping[int, Sequence[Line]]:
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for row in db.session.execute(
        select(
            ProposedPair.application_id,
            ProposedPair.user_id,
            ProposedPair.origin,
            ProposedPair.reasons,
            User.name,
            User.organisation,
        )
        .join(User, User.id == ProposedPair.user_id)
        .where(ProposedPair.proposal_id == proposal.id)
        .order_by(ProposedPair.application_id, ProposedPair.id)
    ):
        found[row.application_id].append(
            Line(row.user_id, row.name, row.organisation, row.origin, row.reasons)
        )
    return found


def _loads(
    proposal: AssignmentProposal,
    round_: Round,
    lines: Mapping[int, Sequence[Line]],
    hidden: Collection[int],
) -> tuple[Load, ...]:
    """Count what everybody has and gets, the fullest first."""
    new = Counter(one.user_id for each in lines.values() for one in each if one.origin != "kept")
    most = proposal.result.get("most", {})
    confirmed = proposal.state == "confirmed"
    found = [
        Load(
            user_id=one.user.id,
            name=one.user.name,
            organisation=one.user.organisation,
            # Once confirmed, what was proposed is among what they have.
            kept=max(0, one.total_here - new[one.user.id]) if confirmed else one.total_here,
            new=new[one.user.id],
            most=most.get(str(one.user.id), proposal.settings["most"]),
        )
        for one in assignable.find_reviewers(round_, unseen=hidden)
    ]
    return tuple(sorted(found, key=lambda one: (-one.total, one.name.casefold(), one.user_id)))
