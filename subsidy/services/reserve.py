"""The reserve list of a round: who is on it, what money is free, and whose turn it is.

A place is a rejection in law (Awb 4:25(2)); moving up is a new decision. Money that a proposal asks for is
spoken for, so that two officers never give the same money away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from sqlalchemy import Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, Participation, Round
from subsidy.services import competing, ledger, reference, snapshots
from subsidy.services.decisions import DecisionError
from subsidy.services.in_force import pending, taken
from workflows import reserve as policy
from workflows.application import UNDECIDED
from workflows.codes import Ground
from workflows.mandates import DecisionKind
from workflows.reserve import Awarded, Place, Standing, Turn
from workflows.rules import Distribution, Rules
from workflows.snapshot import Decision as Outcome
from workflows.snapshot import Region
from workflows.states import ApplicationState

PAGE = 50
# How an address names the two halves of the list.
PART, RESERVED = "deel", "plaats"


@dataclass(frozen=True, slots=True)
class After:
    """The place after which a page of the list begins; it need not be on the list any more."""

    order: tuple[bool, int, str]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `str` wrote in an address. Raises ValueError."""
        kind, number, reference = text.split(".", 2)
        if kind not in {PART, RESERVED}:
            raise ValueError(text)
        return cls((kind == RESERVED, int(number), reference))

    def __str__(self) -> str:
        """Write it for an address."""
        reserved, number, reference = self.order
        return f"{RESERVED if reserved else PART}.{number}.{reference}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on the list with what a page shows of it."""

    application_id: int
    decision_id: int
    title: str
    lead: str
    standing: Standing

    @property
    def place(self) -> Place:
        """Give the place itself."""
        return self.standing.place

    @property
    def turn(self) -> Turn:
        """Tell how it stands."""
        return self.standing.turn


@dataclass(frozen=True, slots=True)
class ReserveList:
    """The list in its order; amounts in euro cents.

    `left_cents` is what is not promised, of which `claimed_cents` is asked by proposals that wait for their
    confirmation. `undecided` counts applications that compete for the ceiling and have no proposal yet: until
    they do, nobody moves up.
    """

    entries: tuple[Entry, ...]
    left_cents: int
    claimed_cents: int
    undecided: int

    @property
    def free_cents(self) -> int:
        """Give what can be given to who is next."""
        return max(self.left_cents - self.claimed_cents, 0)

    @property
    def next(self) -> Entry | None:
        """Give whose turn it is; nobody's while others are undecided."""
        if self.undecided:
            return None
        return next((one for one in self.entries if one.turn is Turn.NEXT), None)

    def page(self, after: After | None = None) -> tuple[Sequence[Entry], After | None]:
        """Give one page of the entries, and after which the next begins; None when this is the last.

        How a place stands follows from all before it, so the list is made whole and shown in part.
        """
        rest = [one for one in self.entries if after is None or one.place.order > after.order]
        shown = rest[:PAGE]
        return shown, After(shown[-1].place.order) if len(rest) > PAGE else None


def list_of(round_: Round, *, today: date) -> ReserveList:
    """Return the list as it stands on a day; as many queries for a long list as for a short one."""
    rules = snapshots.definition_of(round_).rules
    rows = db.session.execute(_places(round_, rules)).all()
    if not rows:
        return ReserveList((), ledger.left_of(round_), 0, 0)
    left, claimed = ledger.left_of(round_), competing.claimed(round_)
    references = reference.reference_of(round_.reference_version)
    regions = _regions(round_) if rules.one_award_per_region else {}
    found = policy.standings(
        [_place(row, regions) for row in rows],
        free_cents=max(left - claimed, 0),
        rules=rules,
        awarded=_awarded(round_, rules, regions),
        today=today,
        reference=references,
    )
    known = {row.reference: row for row in rows}
    return ReserveList(
        entries=tuple(_entry(known[one.place.reference], one) for one in found),
        left_cents=left,
        claimed_cents=claimed,
        undecided=_undecided(round_) if rules.distribution is not Distribution.FIRST_COME else 0,
    )


def refuse_not_next(application: Application, amount_cents: int, *, now: datetime) -> None:
    """Refuse to give money that came free to who is not next, or more than there is; the round is locked.

    Raises DecisionError: `others_on_the_way`, `earlier_undecided`, `place_lapsed`, `region_taken`,
    `max_awards`, `money_short`, `not_next` with the reference of who is, `more_than_free` with what there is.
    """
    found = list_of(application.round, today=clock.day_of(now))
    if found.undecided:
        raise DecisionError("others_on_the_way")
    entry = next((one for one in found.entries if one.application_id == application.id), None)
    if entry is None:
        raise DecisionError("not_on_list")
    match entry.turn:
        case Turn.NEXT:
            pass
        case Turn.LAPSED:
            raise DecisionError("place_lapsed")
        case Turn.REGION_TAKEN | Turn.MAX_AWARDS:
            raise DecisionError(entry.turn.value)
        case Turn.SHORT:
            raise DecisionError("money_short", free_cents=found.free_cents)
        case Turn.MOVING:
            raise DecisionError("already_proposed")
        case Turn.WAITING | Turn.NOT_ANNOUNCED:
            upcoming = found.next
            raise DecisionError("not_next", reference="" if upcoming is None else upcoming.place.reference)
    if amount_cents > entry.standing.amount_cents:
        raise DecisionError("more_than_free", most_cents=entry.standing.amount_cents)
    competing.of_round(application.round, now=now).refuse_comparison(application, amount_cents)


def refuse_lapsed(decision: Decision, *, today: date) -> None:
    """Refuse to let somebody move up after the last day of the place: DecisionError `place_lapsed`."""
    if decision.kind != DecisionKind.RESERVE or decision.replaces_id is None:
        return
    until = db.session.get_one(Decision, decision.replaces_id).basis.get("list_until")
    if until is not None and date.fromisoformat(until) < today:
        raise DecisionError("place_lapsed")


def _places(round_: Round, rules: Rules) -> Select[*tuple[object, ...]]:
    """Give who is on the list: a reserve place, or a part for want of money; announced or on its way."""
    later = aliased(Decision)
    part = and_(
        Decision.outcome == Outcome.AWARDED.value,
        Decision.ground == Ground.CEILING.value,
        Decision.amount_cents < Application.requested_cents,
        # What followed an objection was tested against the original moment, not against what came free.
        Decision.kind != DecisionKind.REMEDY.value,
    )
    waits = and_(Decision.outcome == Outcome.REJECTED.value, Decision.reserve_place.is_not(None))
    return (
        select(
            Decision.id.label("decision_id"),
            Decision.application_id,
            Decision.outcome,
            Decision.amount_cents,
            Decision.reserve_place,
            Decision.announced_at,
            Decision.basis["list_until"].as_string().label("until"),
            Decision.basis["rank"].as_integer().label("rank"),
            Application.reference,
            Application.title,
            Application.requested_cents,
            func.coalesce(Participation.name, "").label("lead"),
            exists().where(later.replaces_id == Decision.id, later.returned_at.is_(None)).label("moving"),
        )
        .join(Application, Application.id == Decision.application_id)
        .outerjoin(Participation, (Participation.application_id == Application.id) & Participation.lead)
        .where(
            Decision.round_id == round_.id,
            ~Decision.imported,
            Decision.returned_at.is_(None),
            Decision.replaced_at.is_(None),
            or_(Decision.announced_at.is_not(None), Decision.replaces_id.is_(None)),
            or_(waits, part) if policy.parts_are_raised(rules) else waits,
        )
    )


def _place(row: Row[*tuple[object, ...]], regions: Mapping[str, Region]) -> Place:
    return Place(
        reference=row.reference,
        number=row.reserve_place,
        rank=row.rank,
        requested_cents=row.requested_cents,
        held_cents=row.amount_cents,
        until=None if row.until is None else date.fromisoformat(row.until),
        announced=row.announced_at is not None,
        moving=row.moving,
        region=regions.get(row.reference),
    )


def _entry(row: Row[*tuple[object, ...]], standing: Standing) -> Entry:
    return Entry(row.application_id, row.decision_id, row.title, row.lead, standing)


def _awarded(round_: Round, rules: Rules, regions: Mapping[str, Region]) -> Awarded:
    """Count who has an award, or a proposal for one; a withdrawal counts when it was taken."""
    if rules.max_awards is None and not rules.one_award_per_region:
        return Awarded(0)
    references = db.session.scalars(
        select(Application.reference)
        .join(Decision, Decision.application_id == Application.id)
        .where(
            Decision.round_id == round_.id,
            Decision.outcome == Outcome.AWARDED.value,
            or_(taken(), pending()),
        )
        .distinct()
    ).all()
    return Awarded(
        len(references), tuple(regions[one] for one in references if one is not None and one in regions)
    )


def _regions(round_: Round) -> dict[str, Region]:
    return {one.reference: one.region for one in snapshots.application_snapshots(round_)}


def _undecided(round_: Round) -> int:
    """Count who competes and has no proposal; who was found ineligible does not compete."""
    competes = [state.value for state in UNDECIDED if state is not ApplicationState.INELIGIBLE]
    query = select(func.count(Application.id)).where(
        Application.round_id == round_.id,
        Application.state.in_(competes),
        ~exists().where(Decision.application_id == Application.id, Decision.returned_at.is_(None)),
    )
    return db.session.scalar(query) or 0
