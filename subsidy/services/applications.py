"""What an applicant does with an application, from the first draft to taking it back.

What counts for a deadline is `now`, the instant at which the request arrived.
"""

from datetime import datetime

from sqlalchemy import exists, select, update

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Membership, Round, Supplement, User
from subsidy.services import (
    announcements,
    conditions,
    events,
    letter_orders,
    mail,
    organisations,
    sent_versions,
    signatures,
    standing,
)
from subsidy.services.advance import Effect, advance
from subsidy.services.completeness import Missing, missing
from subsidy.services.entries import Entry, stored_entry, write_entry
from subsidy.services.entries.merging import merge
from subsidy.services.findings import screening_effect
from subsidy.services.holding import lock
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from workflows.application import MACHINE
from workflows.definition import RoundDefinition, Section
from workflows.permissions import Access, Actor
from workflows.states import ApplicationState, Phase, RoundState


class ClashError(Exception):
    """Somebody else changed the same parts after the page was opened; `stored` is what they saved."""

    def __init__(self, stored: Entry, parts: frozenset[str]) -> None:
        super().__init__("saved by somebody else in the meantime")
        self.stored = stored
        self.parts = parts


class NotWritableError(Exception):
    """This section cannot be changed (any more)."""


class IncompleteError(Exception):
    """What an application cannot be sent in without is missing."""

    def __init__(self, lacking: tuple[Missing, ...]) -> None:
        super().__init__(", ".join(one.code for one in lacking))
        self.lacking = lacking


class TooLateError(Exception):
    """The round takes no applications (any more), or the term to supplement has passed."""


def start(round_: Round, *, actor: Actor, now: datetime) -> Application:
    """Start a draft of which the actor may do everything; an untouched one is given again.

    So a double click gives one draft. The lock on the account keeps two requests of one person apart.
    """
    db.session.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))
    untouched = db.session.scalars(
        select(Application)
        .where(
            Application.round_id == round_.id,
            Application.started_by == actor.user_id,
            Application.state == ApplicationState.DRAFT,
            Application.version == 1,
        )
        .order_by(Application.id)
        .limit(1)
    ).one_or_none()
    if untouched is not None:
        return untouched
    application = Application(round=round_, started_by=actor.user_id, created_at=now, updated_at=now)
    application.members = [Membership(user_id=actor.user_id, capacity=Access.LEAD)]
    db.session.add(application)
    db.session.flush()
    events.append(
        "application.started",
        at=now,
        actor_id=actor.user_id,
        round_id=round_.id,
        application_id=application.id,
    )
    return application


def discard(application: Application, *, actor: Actor, now: datetime) -> None:
    """Throw a draft away; the event stays. Raises NotWritableError once it was sent in, GoneError after."""
    lock(application)
    if application.state != ApplicationState.DRAFT:
        raise NotWritableError
    events.append(
        "application.discarded",
        at=now,
        actor_id=actor.user_id,
        round_id=application.round_id,
        application_id=application.id,
    )
    db.session.delete(application)
    db.session.flush()


def writable_sections(
    application: Application, definition: RoundDefinition, *, now: datetime
) -> tuple[Section, ...]:
    """Give the sections that can be changed now: all of a draft, those asked for of a supplement."""
    if application.state == ApplicationState.DRAFT:
        return definition.sections
    supplement = open_supplement(application, now=now)
    if supplement is None:
        return ()
    asked = set(supplement.sections)
    return tuple(section for section in definition.sections if section.id in asked)


def open_supplement(application: Application, *, now: datetime) -> Supplement | None:
    """Give the request to supplement while its term runs; the last day counts whole, in Amsterdam."""
    if application.state != ApplicationState.SUPPLEMENT_REQUESTED:
        return None
    supplement = db.session.get(Supplement, application.id)
    return supplement if supplement is not None and clock.day_of(now) <= supplement.last_day else None


def save_section(
    application: Application, section: Section, entry: Entry, *, seen: str, now: datetime
) -> frozenset[str]:
    """Store what was entered in one section; `seen` holds the marks of what the page showed.

    What somebody else saved meanwhile stays where this page changed nothing; gives those parts, of which
    the page shows an older text. Raises ClashError where both changed the same part to something else,
    NotWritableError when the section cannot be changed. Saving the same twice is fine.
    """
    lock(application)
    definition = definition_of(application.round)
    if section not in writable_sections(application, definition, now=now):
        raise NotWritableError
    stored = stored_entry(application, section)
    merged = merge(entry.parts, stored.parts, seen)
    if merged.clashing:
        raise ClashError(stored, merged.clashing)
    together = entry.with_parts(merged.parts)
    if together != stored:
        write_entry(application, section, together, reference_of(application.round.reference_version))
        conditions.settle(application, definition)
        touch(application, now=now)
        signatures.reconsider(application, now=now)
    return merged.theirs


def touch(application: Application, *, now: datetime) -> None:
    """Note that something was changed."""
    application.version += 1
    application.updated_at = now
    db.session.flush()


def takes_applications(application: Application, *, now: datetime) -> bool:
    """Whether it can be sent in at `now`: the round is open, or its own deadline runs (Awb 2:21)."""
    round_ = application.round
    if standing.phase_of(round_, now) is Phase.OPEN:
        return True
    extended = application.deadline_at is not None and now <= application.deadline_at
    return extended and round_.state == RoundState.PUBLISHED and now >= round_.opens_at


def submit(application: Application, *, actor: Actor, now: datetime) -> None:
    """Send the application in: it gets its reference, its moment of receipt, and a receipt.

    Raises TransitionError when it was sent in before, TooLateError when the round is not open,
    IncompleteError when something is missing that it cannot be sent in without, NotAllowedError.
    """
    lock(application)
    MACHINE.plan(ApplicationState(application.state), "submit")
    if not takes_applications(application, now=now):
        raise TooLateError
    lacking = tuple(one for one in missing(application, definition_of(application.round)) if one.blocking)
    if lacking:
        raise IncompleteError(lacking)
    conditions.finish(application, definition_of(application.round))
    _take_files_along(application, now=now)
    application.reference = next_reference(application.round)
    organisations.settle(application, now=now)
    application.submitted_at = now
    advance(
        application,
        "submit",
        actor=actor,
        now=now,
        record={"reference": application.reference, "version": application.version},
        effects=[receipt_effect(application), screening_effect(application)],
    )
    sent_versions.keep(application, now=now)


def supplement(application: Application, *, actor: Actor, now: datetime) -> None:
    """Hand in the supplement (Awb 4:5): from now on the application counts as received now.

    Raises TransitionError when that was done before or nothing was asked, TooLateError after the term.
    """
    lock(application)
    MACHINE.plan(ApplicationState(application.state), "supplement")
    asked = open_supplement(application, now=now)
    if asked is None:
        raise TooLateError
    conditions.finish(application, definition_of(application.round))
    _take_files_along(application, now=now)
    organisations.settle(application, now=now)
    asked.supplied_at = application.completed_at = now
    application.version += 1
    advance(
        application,
        "supplement",
        actor=actor,
        now=now,
        record={"version": application.version},
        effects=[receipt_effect(application), screening_effect(application)],
    )
    sent_versions.keep(application, now=now)


def withdraw(application: Application, *, actor: Actor, now: datetime, reason: str) -> None:
    """Take the application back before a decision was taken: confirmed by letter, and every member is told.

    What was written of a supplement and not handed in goes. Raises TransitionError when that cannot be done
    (any more), NotAllowedError.
    """
    step = advance(
        application,
        "withdraw",
        actor=actor,
        now=now,
        personal={"reason": reason} if reason else None,
    )
    if step.facts["from"] == ApplicationState.SUPPLEMENT_REQUESTED:
        sent_versions.restore(application, now=now)
    letter = letter_orders.order_withdrawn(application, now=now)
    mail.compose_for(
        announcements.find_addresses(application.id),
        application,
        f"withdrawn:{application.id}",
        template="withdrawn",
        context={"at": now},
        now=now,
        letter_id=letter.id,
    )


def _take_files_along(application: Application, *, now: datetime) -> None:
    """Count a file that came while this request waited for its turn as sent in with it.

    Else it would be newer than what was sent, and nobody outside could open it.
    """
    for file in application.attachments:
        file.uploaded_at = min(file.uploaded_at, now)


def people_of(application: Application) -> list[User]:
    """Give the members of the collaboration who can still be reached, first member first."""
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.application_id == application.id, User.disabled_at.is_(None))
        .order_by(Membership.id)
    )
    return list(db.session.scalars(query))


def receipt_effect(application: Application) -> Effect:
    """The work of making and sending the receipt (Awb 2:17) for what was sent in now."""
    payload = {"application_id": application.id, "version": application.version}
    return Effect("receipt", f"receipt:{application.id}:{application.version}", payload)


def next_reference(round_: Round) -> str:
    """Give the next free reference of a round, such as NET1-0001; the row lock makes it unique.

    Three letters of the kind, the number of the round, and a number that counts up. A reference that an
    imported application has already is passed over.
    """
    prefix = f"{round_.kind.replace('-', '')[:3].upper()}{round_.number}"
    while True:
        number = db.session.execute(
            update(Round)
            .where(Round.id == round_.id)
            .values(references_given=Round.references_given + 1)
            .returning(Round.references_given)
            .execution_options(synchronize_session=False)
        ).scalar_one()
        reference = f"{prefix}-{number:04d}"
        if not db.session.scalar(select(exists().where(Application.reference == reference))):
            return reference
