"""Using an application again: what was rejected, not processed or withdrawn begins anew in a later round.

The new draft belongs to who made it. Other members are invited again, because a person agrees to take part in
one application; signatures, decisions and reviews stay where they are.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Attachment, Membership, Round, User
from subsidy.models.applications import new_key
from subsidy.services import conditions, events, following, standing
from subsidy.services.carrying_over import Forms, LeftOut, Why, carry
from subsidy.services.entries import write_entry
from subsidy.services.media_types import accepted_types
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from workflows.definition import Question, QuestionKind, RoundDefinition
from workflows.permissions import OPEN_TO_COPY, Access, Actor
from workflows.states import ApplicationState, Phase, RoundState

MEGABYTE = 1024 * 1024


class NotCopiableError(Exception):
    """This application cannot be used again in this round (any more), or not yet."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The new draft and what could not be taken over; `new` is false when it was there already."""

    draft: Application
    left_out: tuple[LeftOut, ...]
    new: bool


def is_over(application: Application) -> bool:
    """Whether its people know that nothing more comes of it; a decision counts from its announcement.

    A later decision moves the state when it is confirmed, so what was told goes before the state.
    """
    told = following.announced_decision(application)
    if told is None:
        return application.state == ApplicationState.WITHDRAWN
    return told.outcome in OPEN_TO_COPY


def rounds_for(application: Application, now: datetime) -> list[Round]:
    """Give the rounds, open at `now` (aware), in which it can be used again: later, and of the same kind.

    Two queries at most.
    """
    if not is_over(application):
        return []
    own = application.round
    later = db.session.scalars(
        select(Round)
        .where(
            Round.kind == own.kind,
            Round.state == RoundState.PUBLISHED,
            Round.opens_at > own.opens_at,
            Round.id != own.id,
        )
        .order_by(Round.closes_at, Round.id)
    )
    return [one for one in later if standing.phase_of(one, now) is Phase.OPEN]


def copy(application: Application, round_: Round, *, actor: Actor, now: datetime) -> Copied:
    """Begin a draft in this round with what the application says; pressed twice it is one draft.

    Raises NotCopiableError. The lock on the account keeps two requests of one person apart.
    """
    db.session.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))
    if round_ not in rounds_for(application, now):
        raise NotCopiableError
    there = _find_copy(application, round_, actor)
    if there is not None:
        return Copied(there, (), new=False)
    draft = Application(
        round=round_,
        started_by=actor.user_id,
        created_at=now,
        updated_at=now,
        copied_from=application.reference,
        members=[Membership(user_id=actor.user_id, capacity=Access.LEAD)],
    )
    left_out = _fill(draft, application, definition_of(round_), actor=actor, now=now)
    draft.version = 2  # version 1 is an empty form, which `start` gives again
    db.session.add(draft)
    db.session.flush()
    events.append(
        "application.started",
        at=now,
        actor_id=actor.user_id,
        round_id=round_.id,
        application_id=draft.id,
        facts={"copied_from": application.reference},
    )
    return Copied(draft, left_out, new=True)


def _find_copy(application: Application, round_: Round, actor: Actor) -> Application | None:
    return db.session.scalars(
        select(Application)
        .where(
            Application.round_id == round_.id,
            Application.state == ApplicationState.DRAFT,
            Application.started_by == actor.user_id,
            Application.copied_from == application.reference,
        )
        .order_by(Application.id)
        .limit(1)
    ).one_or_none()


def _fill(
    draft: Application, earlier: Application, new: RoundDefinition, *, actor: Actor, now: datetime
) -> tuple[LeftOut, ...]:
    """Write every section and file that the new form takes; gives what it does not take."""
    reference = reference_of(draft.round.reference_version)
    keys = {one.key: new_key() for one in earlier.participations}
    forms = Forms(definition_of(earlier.round), new, reference, keys)
    draft.answers, draft.set_aside = {}, {}
    left_out: list[LeftOut] = []
    for section in new.sections:
        carried = carry(earlier, section, forms)
        write_entry(draft, section, carried.entry, reference)
        left_out.extend(carried.left_out)
    conditions.settle(draft, new)
    questions = {one.id: one for one in new.questions if one.kind is QuestionKind.FILE}
    for file in earlier.attachments:
        question = questions.get(file.question)
        if question is not None and _takes(question, file):
            draft.attachments.append(_same_file(file, actor=actor, now=now))
        else:
            left_out.append(LeftOut(Why.FILE, question, file.file_name))
    return tuple(left_out)


def _takes(question: Question, file: Attachment) -> bool:
    """Whether a question takes this file; one with a virus is never taken over."""
    kinds = {one.name for one in accepted_types(question.accepts)}
    small_enough = file.size <= question.max_megabytes * MEGABYTE
    return small_enough and file.media_type in kinds and file.scan != "infected"


def _same_file(file: Attachment, *, actor: Actor, now: datetime) -> Attachment:
    """Give a row of its own for the same stored bytes."""
    return Attachment(
        question=file.question,
        file_name=file.file_name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        uploaded_by=actor.user_id,
        uploaded_at=now,
        scan=file.scan,
        scanned_at=file.scanned_at,
    )
