"""Who may have an interest in which application, by what is known already, and who certainly has one.

A constant number of queries, whatever the number of applications and people.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from sqlalchemy import ColumnElement, Select, exists, select

from subsidy import clock
from subsidy.db import db
from subsidy.models import (
    Application,
    Interest,
    Invitation,
    Membership,
    Participation,
    RegionMunicipality,
    ReviewerProfile,
    Round,
    RoundReviewer,
    Signature,
    User,
)
from subsidy.services.organisation_names import name_key
from subsidy.services.reach import is_live
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from workflows.definition import QuestionKind, SectionKind
from workflows.interests import File, Person, Sign, domain_of, spelled, warnings_for, years_before
from workflows.states import ApplicationState


def warnings_in(
    round_: Round, user_ids: Collection[int] | None = None, *, application_ids: Collection[int] | None = None
) -> dict[tuple[int, int], tuple[Sign, ...]]:
    """Return the warnings by (application, user): of who serves in the round, or of the people named.

    Over all applications that were sent in, or those named. Pairs without a warning are left out. Eleven
    queries at most.
    """
    files = _files(round_, application_ids)
    people = _people(round_, user_ids)
    found = {}
    for application_id, file in files.items():
        for person in people:
            warnings = warnings_for(person, file)
            if warnings:
                found[application_id, person.id] = warnings
    return found


def live_interests_in(round_: Round) -> set[tuple[int, int]]:
    """Return (application, user) of every interest in this round that bars; one query."""
    rows = db.session.execute(
        select(Interest.application_id, Interest.user_id)
        .join(Application, Application.id == Interest.application_id)
        .where(Application.round_id == round_.id, is_live())
    )
    return {(application_id, user_id) for application_id, user_id in rows}


def sent_in(round_: Round) -> tuple[ColumnElement[bool], ...]:
    """The conditions that an application came in, in this round."""
    return (Application.round_id == round_.id, Application.state != ApplicationState.DRAFT)


@dataclass(slots=True)
class _Behind:
    """What is gathered about an application, before it becomes a `File`."""

    organisations: dict[str, str] = field(default_factory=dict)
    kvks: dict[str, str] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    members: dict[int, str] = field(default_factory=dict)
    domains: set[str] = field(default_factory=set)
    places: dict[str, str] = field(default_factory=dict)

    def as_file(self) -> File:
        return File(
            organisations=self.organisations,
            kvks=self.kvks,
            people=tuple(sorted(self.people - {""})),
            members=self.members,
            domains=frozenset(self.domains),
            places=self.places,
        )


def _files(round_: Round, application_ids: Collection[int] | None) -> dict[int, File]:
    """Gather who is behind each application: seven queries."""
    named = [
        Application.answers[question.id].as_string()
        for section in definition_of(round_).sections
        if section.kind is SectionKind.PARTNERS
        for question in section.questions
        if question.kind is QuestionKind.SHORT_TEXT
    ]
    chosen = select(Application.id).where(*sent_in(round_))
    if application_ids is not None:
        chosen = chosen.where(Application.id.in_(application_ids))
    found: defaultdict[int, _Behind] = defaultdict(_Behind)
    for row in db.session.execute(chosen.add_columns(*named)):
        found[row[0]].people.update(spelled(text) for text in row[1:] if text)
    _add_organisations(found, chosen)
    _add_people(found, chosen)
    known = reference_of(round_.reference_version).municipalities
    for application_id, code in db.session.execute(
        select(RegionMunicipality.application_id, RegionMunicipality.code).where(
            RegionMunicipality.application_id.in_(chosen)
        )
    ):
        found[application_id].places[code] = known[code].name if code in known else code
    return {application_id: behind.as_file() for application_id, behind in found.items()}


def _add_organisations(found: Mapping[int, _Behind], chosen: Select[int]) -> None:
    for application_id, name, kvk, contact in db.session.execute(
        select(
            Participation.application_id, Participation.name, Participation.kvk, Participation.contact
        ).where(Participation.application_id.in_(chosen))
    ):
        behind = found[application_id]
        behind.organisations[name_key(name)] = name
        behind.people.add(spelled(contact))
        if kvk:
            behind.kvks[kvk] = name


def _add_people(found: Mapping[int, _Behind], chosen: Select[int]) -> None:
    """Members with their addresses, who signed, and the addresses that were asked to take part."""
    for application_id, user_id, name, email in db.session.execute(
        select(Membership.application_id, User.id, User.name, User.email)
        .join(User, User.id == Membership.user_id)
        .where(Membership.application_id.in_(chosen))
    ):
        behind = found[application_id]
        behind.members[user_id] = name
        behind.people.add(spelled(name))
        _add_domain(behind, email)
    for application_id, name in db.session.execute(
        select(Signature.application_id, Signature.name).where(Signature.application_id.in_(chosen))
    ):
        found[application_id].people.add(spelled(name))
    for application_id, email in db.session.execute(
        select(Invitation.application_id, Invitation.email).where(
            Invitation.application_id.in_(chosen), Invitation.withdrawn_at.is_(None)
        )
    ):
        _add_domain(found[application_id], email)


def _add_domain(behind: _Behind, email: str) -> None:
    domain = domain_of(email)
    if domain is not None:
        behind.domains.add(domain)


def _people(round_: Round, user_ids: Collection[int] | None) -> list[Person]:
    """Gather what is known of these people, or of who serves in the round: four queries."""
    serving = exists().where(
        RoundReviewer.user_id == User.id,
        RoundReviewer.round_id == round_.id,
        RoundReviewer.answer == "accepted",
        RoundReviewer.dropped_at.is_(None),
    )
    rows = db.session.execute(
        select(
            User.id,
            User.name,
            User.organisation,
            User.email,
            ReviewerProfile.kvk,
            ReviewerProfile.own_municipalities,
        )
        .outerjoin(ReviewerProfile, ReviewerProfile.user_id == User.id)
        .where(serving if user_ids is None else User.id.in_(user_ids))
        .order_by(User.id)
    ).all()
    since = years_before(clock.day_of(round_.closes_at), definition_of(round_).reviewing.interest_years)
    together, organisations = _applied(
        [row.id for row in rows], round_, since=datetime.combine(since, time(), clock.AMSTERDAM)
    )
    return [
        Person(
            id=user_id,
            name=name,
            words=spelled(name),
            organisation=name_key(organisation),
            kvk=kvk,
            domain=domain_of(email),
            own_places=frozenset(own_places or ()),
            applied_with=frozenset(together[user_id]),
            applied_for=frozenset(organisations[user_id]),
        )
        for user_id, name, organisation, email, kvk, own_places in rows
    ]


def _applied(
    user_ids: Sequence[int], round_: Round, *, since: datetime
) -> tuple[Mapping[int, set[int]], Mapping[int, set[str]]]:
    """Per person with whom, and for which organisations, they sent in applications to other rounds."""
    together: defaultdict[int, set[int]] = defaultdict(set)
    organisations: defaultdict[int, set[str]] = defaultdict(set)
    own = db.session.execute(
        select(Membership.user_id, Membership.application_id, Participation.name)
        .join(Application, Application.id == Membership.application_id)
        .outerjoin(
            Participation,
            (Participation.application_id == Application.id)
            & (Participation.key == Membership.participation_key),
        )
        .where(
            Membership.user_id.in_(user_ids),
            Application.round_id != round_.id,
            Application.submitted_at >= since,
        )
    ).all()
    others: defaultdict[int, set[int]] = defaultdict(set)
    for application_id, user_id in db.session.execute(
        select(Membership.application_id, Membership.user_id).where(
            Membership.application_id.in_({row.application_id for row in own})
        )
    ):
        others[application_id].add(user_id)
    for user_id, application_id, name in own:
        together[user_id] |= others[application_id] - {user_id}
        if name:
            organisations[user_id].add(name_key(name))
    return together, organisations
