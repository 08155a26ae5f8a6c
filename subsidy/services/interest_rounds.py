"""Declaring interests for a round as a whole: who of the office and the committee saw who applies (Awb 2:4).

A declaration covers what had come in by then. Whoever proposes or confirms a decision, or reads a file in
the committee, declared for it first.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select

from subsidy.db import db, insert_into
from subsidy.models import Application, Interest, Membership, Participation, Round, RoundDeclaration, User
from subsidy.services import events
from subsidy.services.decisions import DecisionError
from subsidy.services.interest_warnings import sent_in, warnings_in
from subsidy.services.interests import DeclarationRefusedError, find_live, override, report_interest
from subsidy.services.organisation_names import name_key
from subsidy.services.review_lists import Outline
from subsidy.services.snapshots import definition_of
from workflows.application import FINAL
from workflows.interests import Kind, Sign
from workflows.permissions import Actor, Role

COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class Line:
    """An application as it is shown for a declaration: who is behind it, signs, and what was reported."""

    id: int
    reference: str
    title: str
    region_name: str
    state: str
    outline: Outline
    signs: tuple[Sign, ...]
    reported: Interest | None

    @property
    def open(self) -> bool:
        """Whether an interest can still be reported."""
        return self.state not in FINAL and (self.reported is None or self.reported.decision == "dismissed")

    def holds(self, words: str) -> bool:
        """Whether these words are in what is shown of it."""
        people = (*self.outline.people, *(name for name, *_ in self.outline.organisations))
        text = " ".join((self.reference, self.title, self.region_name, *people))
        return words.casefold() in text.casefold()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list held when it was shown: how many applications, and the highest id among them."""

    number: int
    highest: int


def capacity_of(actor: Actor, round_: Round) -> str:
    """Return in which capacity somebody declares for a round: the role that decides most goes first."""
    held = {grant.role for grant in actor.grants if grant.round_id in {None, round_.id}}
    ranked = (Role.CHAIR, Role.OFFICER, Role.FINANCE)
    return next((role.value for role in ranked if role in held), COMMITTEE)


def hides_names(actor: Actor, round_: Round) -> bool:
    """Whether this person declares without seeing who is behind which application."""
    return definition_of(round_).reviewing.hide_applicants and capacity_of(actor, round_) == COMMITTEE


def lines_of(round_: Round, user_id: int, *, hidden: bool = False) -> list[Line]:
    """Return every application that came in, by reference; `hidden` leaves out who is behind it."""
    applications = db.session.execute(
        select(
            Application.id,
            Application.reference,
            Application.title,
            Application.region_name,
            Application.state,
        )
        .where(*sent_in(round_))
        .order_by(Application.reference)
    ).all()
    signs = {} if hidden else warnings_in(round_, [user_id])
    outlines = {} if hidden else _outlines(round_)
    reported = _reported(round_, user_id)
    return [
        Line(
            id=row.id,
            reference=row.reference or "",
            title=row.title,
            region_name=row.region_name,
            state=row.state,
            outline=outlines.get(row.id, Outline((), ())),
            signs=signs.get((row.id, user_id), ()),
            reported=reported.get(row.id),
        )
        for row in applications
    ]


def shown(round_: Round) -> Shown:
    """Return what a list of the applications of a round holds now; one query."""
    number, highest = db.session.execute(
        select(func.count(), func.max(Application.id)).where(*sent_in(round_))
    ).one()
    return Shown(number, highest or 0)


def declare_round(round_: Round, seen: Shown, *, why: str, actor: Actor, now: datetime) -> None:
    """Record that this person saw who applies, and has no interest but what they reported.

    Declaring again covers what came in since. Raises DeclarationRefusedError: `list_changed` when something
    came in after the list was shown, `why_needed` when there are signs of an interest that was not reported.
    """
    user_id = actor.user_id or 0
    if shown(round_) != seen:
        raise DeclarationRefusedError("list_changed")
    capacity = capacity_of(actor, round_)
    reported = _reported(round_, user_id)
    signs = {
        application_id: found
        for (application_id, _), found in warnings_in(round_, [user_id]).items()
        if application_id not in reported
    }
    if signs and not why.strip() and not hides_names(actor, round_):
        raise DeclarationRefusedError("why_needed")
    for application in db.session.scalars(select(Application).where(Application.id.in_(signs))):
        override(application, signs[application.id], why, user_id=user_id, capacity=capacity, now=now)
    row = insert_into(RoundDeclaration).values(
        round_id=round_.id, user_id=user_id, covers=seen.highest, declared_at=now
    )
    values = {"covers": seen.highest, "declared_at": now}
    db.session.execute(row.on_conflict_do_update(index_elements=["round_id", "user_id"], set_=values))
    events.append(
        "interest.round_declared",
        at=now,
        actor_id=user_id,
        round_id=round_.id,
        facts={"covers": seen.highest, "applications": seen.number, "capacity": capacity},
        personal={"why": why.strip()} if signs else None,
    )


def report_ties(round_: Round, ties: Collection[str], *, nature: str, actor: Actor, now: datetime) -> int:
    """Report an interest in every application behind which one of these organisations stands.

    `ties` are keys of `interests.organisations_in`. Returns how many were reported; those that bar already,
    or were decided, are left alone. Raises DeclarationRefusedError.
    """
    if ties and not nature.strip():
        raise DeclarationRefusedError("blank")
    rows = db.session.execute(
        select(Application, Participation.name)
        .join(Participation, Participation.application_id == Application.id)
        .where(*sent_in(round_), Application.state.not_in(FINAL))
    )
    found = {application.id for application, name in rows if name_key(name) in ties}
    # All of them before the first is recorded, in the order in which everybody locks files.
    locked = db.session.scalars(
        select(Application)
        .where(Application.id.in_(found), Application.state.not_in(FINAL))
        .order_by(Application.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    count = 0
    for application in locked:
        if find_live(application, actor.user_id) is None:
            capacity = capacity_of(actor, round_)
            report_interest(
                application,
                kind=Kind.OTHER,
                nature=nature,
                measure="",
                capacity=capacity,
                actor=actor,
                now=now,
            )
            count += 1
    return count


def find_declaration(round_: Round, user_id: int | None) -> RoundDeclaration | None:
    """Return what this person declared for the round as a whole, or None."""
    key = {"round_id": round_.id, "user_id": user_id}
    return None if user_id is None else db.session.get(RoundDeclaration, key, populate_existing=True)


def count_uncovered(round_: Round, user_id: int | None) -> int:
    """Count the applications that came in and that this person did not declare on; one query."""
    counted = db.session.scalar(
        select(func.count())
        .select_from(Application)
        .where(*sent_in(round_), Application.id.not_in(_covered(round_, user_id)))
    )
    return counted or 0


def covered_ids(round_: Round, user_id: int | None) -> frozenset[int]:
    """Return the ids of the applications of a round on which this person declared; one query."""
    return frozenset(db.session.scalars(_covered(round_, user_id)))


def refuse_undeclared(application: Application, actor: Actor) -> None:
    """Refuse who did not declare on this application: raises DecisionError `declaration_needed`."""
    declared = _covered(application.round, actor.user_id).where(Application.id == application.id)
    if db.session.scalar(declared) is None:
        raise DecisionError("declaration_needed")


def _covered(round_: Round, user_id: int | None) -> Select[int]:
    return select(Application.id).where(
        *sent_in(round_),
        exists().where(
            RoundDeclaration.round_id == round_.id,
            RoundDeclaration.user_id == user_id,
            RoundDeclaration.covers >= Application.id,
            RoundDeclaration.declared_at >= Application.submitted_at,
        ),
    )


def _reported(round_: Round, user_id: int) -> dict[int, Interest]:
    """Return what this person reported, the last of each application."""
    rows = db.session.scalars(
        select(Interest)
        .join(Application, Application.id == Interest.application_id)
        .where(Application.round_id == round_.id, Interest.user_id == user_id)
        .order_by(Interest.id)
    )
    return {one.application_id: one for one in rows}


def _outlines(round_: Round) -> Mapping[int, Outline]:
    """Return who is behind each application of the round: two queries."""
    organisations: defaultdict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    people: defaultdict[int, list[str]] = defaultdict(list)
    chosen = select(Application.id).where(*sent_in(round_))
    for application_id, name in db.session.execute(
        select(Membership.application_id, User.name)
        .join(User, User.id == Membership.user_id)
        .where(Membership.application_id.in_(chosen))
        .order_by(Membership.id)
    ):
        people[application_id].append(name)
    for application_id, name, domain, lead, contact in db.session.execute(
        select(
            Participation.application_id,
            Participation.name,
            Participation.domain,
            Participation.lead,
            Participation.contact,
        )
        .where(Participation.application_id.in_(chosen))
        .order_by(Participation.application_id, Participation.position)
    ):
        organisations[application_id].append((name, domain, lead))
        if contact:
            people[application_id].append(contact)
    return {
        application_id: Outline(tuple(found), tuple(dict.fromkeys(people[application_id])))
        for application_id, found in organisations.items()
    }
