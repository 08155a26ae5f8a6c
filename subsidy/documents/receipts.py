"""The receipt of what was sent in (Awb 2:17): made once per sending by a job, stored, and mailed.

The digest of the bytes goes into the chain of events, so that afterwards it can be shown what was
confirmed, to whom and when.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from pydantic import JsonValue
from sqlalchemy import select

from subsidy import clock
from subsidy.db import db, reading
from subsidy.documents.letter import Addressee
from subsidy.documents.letterhead import letterhead
from subsidy.documents.receipt import (
    ReceiptContent,
    ReceiptFile,
    ReceiptRow,
    ReceiptSection,
    ReceiptTable,
    render_receipt,
)
from subsidy.models import Application, Event, Letter, Supplement, User
from subsidy.services import announcements, events, file_store, letters, mail, sent_content
from subsidy.services.answers import SectionAnswers, answers_of
from subsidy.services.answers.signatures import signature_words
from subsidy.services.deadlines import term_of
from subsidy.services.following import RECEIPT_MADE
from subsidy.services.reference import reference_of
from subsidy.services.sent_versions import as_sent
from subsidy.services.snapshots import application_snapshot, definition_of
from subsidy.wording.spoken import language
from subsidy.wording.values import day, instant, size
from workflows.definition import RoundDefinition
from workflows.permissions import SYSTEM

PDF = "application/pdf"
SENT_IN = ("application.submitted", "application.supplemented", "application.entered")
INSIDE = {"reviews", "panel", "outcome"}


def make_receipt(payload: Mapping[str, Any]) -> None:
    """Outbox handler: render the receipt of one sending, store it, put it in the file, and mail it.

    Safe to run twice: the event says what was made, and of two who draw at once the first counts. Nothing is
    made for an application that is gone.
    """
    version = int(payload["version"])
    application = db.session.get(Application, payload["application_id"])
    if application is None or _is_made(application, version):
        return
    letter = letters.of_receipt(application, version, dated=_received_on(application), now=clock.read())
    db.session.commit()
    with reading():
        content = _content(application, letter.code)
        db.session.commit()
    stored = file_store.put(render_receipt(content), media_type=PDF, now=clock.read())
    now = clock.read()
    if not letters.keep_drawn(letter, stored.sha256):
        return
    letters.place(letter, at=now)
    events.append(
        RECEIPT_MADE,
        at=now,
        actor_id=SYSTEM.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts={"sha256": stored.sha256, "version": version},
    )
    _mail(application, letter, version, now=now)
    db.session.commit()


def _is_made(application: Application, version: int) -> bool:
    """Whether the receipt of this sending was made already."""
    made = db.session.scalars(
        select(Event.facts).where(Event.application_id == application.id, Event.name == RECEIPT_MADE)
    )
    return any(facts.get("version") == version for facts in made)


def _received_on(application: Application) -> date:
    received = application.completed_at or application.submitted_at
    if received is None:
        raise ValueError(f"application {application.id} was not sent in")
    return clock.day_of(received)


def _content(application: Application, code: str) -> ReceiptContent:
    """Give what to print, in the language of who sent it in."""
    sender = _sender(application)
    with force_locale(sender.locale if sender is not None else "nl"):
        return content_of(application, sender, code=code)


def _sender(application: Application) -> User | None:
    return db.session.scalars(
        select(User)
        .join(Event, Event.actor_id == User.id)
        .where(Event.application_id == application.id, Event.name.in_(SENT_IN))
        .order_by(Event.id.desc())
        .limit(1)
    ).one_or_none()


def content_of(application: Application, sender: User | None, *, code: str = "") -> ReceiptContent:
    """Gather the receipt of an application that was sent in, in the language that is in force."""
    received, reference = application.completed_at or application.submitted_at, application.reference
    if received is None or reference is None:
        raise ValueError(f"application {application.id} was not sent in")
    application = as_sent(application)  # a receipt that is made late says nothing of a supplement under way
    definition = definition_of(application.round)
    sections = (
        *answers_of(application, definition, reference_of(application.round.reference_version)),
        *signature_words(application),
    )
    lead = next((one.name for one in application.participations if one.lead), "")
    return ReceiptContent(
        lang="en" if language() == "en" else "nl",
        code=code,
        office=letterhead(),
        addressee=Addressee(organisation=lead, attention=sender.name if sender else ""),
        reference=reference,
        round_title=application.round.title,
        application_title=application.title,
        received=instant(received),
        submitted_by=sender.name if sender else lead,
        what_next=_what_next(application, today=received),
        # A section with nothing but files shows in the list of files.
        sections=tuple(_section(one) for one in sections if one.rows or one.tables),
        files=tuple(
            ReceiptFile(name=one.file_name, size=size(one.size), sha256=one.sha256)
            for one in application.attachments
        ),
        data=_data(application, definition),
        created_at=received,
    )


def _what_next(application: Application, *, today: datetime) -> tuple[str, ...]:
    decide_on = _decide_on(application, today=today)
    return (
        _(
            "We check whether your application meets the requirements. "
            "Is something missing? Then we ask you for it once."
        ),
        _(
            "We decide at the latest on %(day)s. You get a message when the decision is ready.",
            day=day(decide_on),
        ),
        _(
            "You can follow your application in your file, "
            "and withdraw it there as long as no decision was taken."
        ),
    )


def _decide_on(application: Application, *, today: datetime) -> date:
    supplement = db.session.get(Supplement, application.id)
    return term_of(application, supplement, today=clock.day_of(today)).last_day


def _section(section: SectionAnswers) -> ReceiptSection:
    rows = [ReceiptRow(label=row.label, value=row.value) for row in section.rows]
    rows += [ReceiptRow(label=table.caption, value="") for table in section.tables if not table.rows]
    return ReceiptSection(
        title=section.title,
        rows=tuple(rows),
        tables=tuple(
            ReceiptTable(
                caption=table.caption,
                columns=table.columns,
                rows=table.rows,
                numeric=table.numeric,
                total=table.total,
            )
            for table in section.tables
            if table.rows
        ),
    )


def _data(application: Application, definition: RoundDefinition) -> dict[str, JsonValue]:
    """Give the entered data as a round file has them, and every section as it was entered."""
    snapshot = application_snapshot(application).model_dump(mode="json", exclude=INSIDE, exclude_none=True)
    return {**snapshot, "sections": sent_content.content_of(application, definition)["sections"]}


def _mail(application: Application, letter: Letter, version: int, *, now: datetime) -> None:
    mail.compose_for(
        announcements.find_addresses(application.id),
        application,
        f"receipt:{application.id}:{version}",
        template="receipt",
        context={
            "received": application.completed_at or application.submitted_at,
            "supplemented": application.completed_at is not None,
            "decide_on": _decide_on(application, today=now),
        },
        now=now,
        letter_id=letter.id,
        attachment_sha256=letter.sha256,
        attachment_name=f"ontvangstbevestiging-{application.reference}.pdf",
    )
