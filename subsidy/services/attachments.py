"""Files that a collaboration adds to its application: checked by content, stored once, named safely."""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Attachment
from subsidy.services import file_dangers, file_store, outbox, page_images, virus_scan
from subsidy.services.applications import NotWritableError, touch, writable_sections
from subsidy.services.media_types import PDF, MediaType, accepted_types, media_type_of
from subsidy.services.snapshots import definition_of
from workflows.definition import Question, QuestionKind
from workflows.permissions import Actor

log = logging.getLogger("subsidy.attachments")

MEGABYTE = 1024 * 1024
LONGEST_STEM = 120


class AttachmentRefusedError(Exception):
    """This file is not taken; a code and its parameters say why.

    Codes: empty, too_large (most: bytes), kind_unknown, kind_not_here, image_unreadable, image_too_large,
    pdf_runs, pdf_locked, too_many (most: files), cannot_store.
    """

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Added:
    """A file with a question; not `new` when the same bytes were there already."""

    attachment: Attachment
    new: bool


def question_to_add_to(application: Application, question_id: str, *, now: datetime) -> Question:
    """Take the lock on the application, and give the question of kind file that can be added to now.

    Raises NotWritableError when there is none (any more).
    """
    key = application.id
    db.session.flush()
    db.session.expire(application)
    if db.session.scalars(
        select(Application).where(Application.id == key).with_for_update(key_share=True)
    ).first():
        for section in writable_sections(application, definition_of(application.round), now=now):
            for question in section.questions:
                if question.id == question_id and question.kind is QuestionKind.FILE:
                    return question
    raise NotWritableError


def add(  # who adds which file to which question, with which limits
    application: Application,
    question: Question,
    *,
    file: IO[bytes],
    name: str,
    most_bytes: int,
    actor: Actor,
    now: datetime,
) -> Added:
    """Store a file with a question, in the caller's transaction, which holds the lock on the application.

    `most_bytes` is what this installation takes; a question may take less. The same content with the same
    question again is the file that is there. Raises AttachmentRefusedError.
    """
    kind = _accepted(file, question, most_bytes)
    there = [one for one in application.attachments if one.question == question.id]
    digest = _digest(file)
    same = next((one for one in there if one.sha256 == digest), None)
    if same is not None:
        return Added(same, new=False)
    if len(there) >= question.max_files:
        raise AttachmentRefusedError("too_many", most=question.max_files)
    try:
        stored = file_store.put(_pieces(file), media_type=kind.name, now=now)
    except file_store.CannotStoreError as error:
        log.exception("an attachment could not be stored")
        raise AttachmentRefusedError("cannot_store") from error
    if kind == PDF and file_dangers.names_a_lock(file) and page_images.asks_password(stored.sha256):
        raise AttachmentRefusedError("pdf_locked")
    attachment = Attachment(
        question=question.id,
        file_name=safe_name(name, kind.ending),
        media_type=kind.name,
        size=stored.size,
        sha256=stored.sha256,
        uploaded_by=actor.user_id,
        uploaded_at=now,
    )
    application.attachments.append(attachment)
    touch(application, now=now)
    _post_work(attachment, now=now)
    return Added(attachment, new=True)


def remove(application: Application, attachment_id: int, questions: set[str], *, now: datetime) -> bool:
    """Take a file away from one of these questions; false when it stays, because it was sent in.

    The bytes stay: what was stored never changes, and another application may use them.
    """
    found = next((one for one in application.attachments if one.id == attachment_id), None)
    if found is None or found.question not in questions:
        return True  # somebody else removed it, or the button was pressed twice
    if found.sent_in:
        return False
    application.attachments.remove(found)
    touch(application, now=now)
    return True


def readable(attachment: Attachment, *, own: bool) -> bool:
    """Whether the bytes may be given out: never with a virus.

    Before the scan, and before they were sent in, to its own people only.
    """
    if attachment.scan == "infected":
        return False
    return own or (attachment.scan != "waiting" and attachment.sent_in)


def find(application: Application, attachment_id: int) -> Attachment | None:
    """Give a file of this application."""
    query = select(Attachment).where(
        Attachment.id == attachment_id, Attachment.application_id == application.id
    )
    return db.session.scalars(query).one_or_none()


def safe_name(name: str, ending: str) -> str:
    """A name that is safe on every computer: no folders, no control characters, the ending of its content."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    stem = re.sub(r"\s+", " ", re.sub(r'[<>:"/\\|?*%]', " ", plain)).strip()
    own = next((one for one in {ending, ending.replace(".jpg", ".jpeg")} if stem.lower().endswith(one)), "")
    stem = (stem[: -len(own)] if own else stem)[:LONGEST_STEM].strip(" .")
    return (stem or "bijlage") + ending


def _accepted(file: IO[bytes], question: Question, most_bytes: int) -> MediaType:
    """Give the kind of a file that can be opened, does nothing by itself, and is asked for here."""
    most = min(most_bytes, question.max_megabytes * MEGABYTE)
    size = file.seek(0, 2)
    if size == 0:
        raise AttachmentRefusedError("empty")
    if size > most:
        raise AttachmentRefusedError("too_large", most=most)
    kind = media_type_of(file)
    if kind is None:
        raise AttachmentRefusedError("kind_unknown")
    if kind not in accepted_types(question.accepts):
        raise AttachmentRefusedError("kind_not_here")
    danger = file_dangers.danger_in(file, kind)
    if danger is not None:
        raise AttachmentRefusedError(danger)
    return kind


def _post_work(attachment: Attachment, *, now: datetime) -> None:
    """Let jobs look for viruses, where there is a scanner, and draw the pages of what holds none."""
    if virus_scan.switched_on():
        attachment.scan = "waiting"
        db.session.flush()
        # With its moment: SQLite gives the number of a removed row to the next one.
        key = f"scan:{attachment.id}:{now.isoformat()}"
        outbox.post("scan", key, {"attachment_id": attachment.id}, now=now)
    else:
        page_images.post_drawing(attachment.sha256, attachment.media_type, now=now)


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(file):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(file_store.CHUNK):
        yield piece
