"""Files that a collaboration adds to its application: checked by content, stored once, named safely."""

import logging
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO

from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Attachment
from subsidy.services import file_store
from subsidy.services.applications import touch
from subsidy.services.media_types import media_type_of
from workflows.definition import Question
from workflows.permissions import Actor

log = logging.getLogger("subsidy.attachments")

MOST_FILES = 20
LONGEST_STEM = 120


class AttachmentRefusedError(Exception):
    """This file is not taken; a code and its parameters say why.

    Codes: empty, too_large (most: bytes), kind_unknown, too_many (most: files), cannot_store.
    """

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def add(  # who adds which file to which question, with which limits
    application: Application,
    question: Question,
    *,
    file: IO[bytes],
    name: str,
    most_bytes: int,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Store a file with a question, in the caller's transaction, which holds the lock on the application.

    The same content with the same question again is the file that is there. Raises AttachmentRefusedError.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise AttachmentRefusedError("empty")
    if size > most_bytes:
        raise AttachmentRefusedError("too_large", most=most_bytes)
    kind = media_type_of(file)
    if kind is None:
        raise AttachmentRefusedError("kind_unknown")
    same = [one for one in application.attachments if one.question == question.id]
    if len(same) >= MOST_FILES:
        raise AttachmentRefusedError("too_many", most=MOST_FILES)
    try:
        stored = file_store.put(_pieces(file), media_type=kind.name, now=now)
    except file_store.CannotStoreError as error:
        log.exception("an attachment could not be stored")
        raise AttachmentRefusedError("cannot_store") from error
    there = next((one for one in same if one.sha256 == stored.sha256), None)
    if there is not None:
        return there
    attachment = Attachment(
        question=question.id,
        file_name=safe_name(name, kind.ending),
        media_type=kind.name,
        size=size,
        sha256=stored.sha256,
        uploaded_by=actor.user_id,
        uploaded_at=now,
    )
    application.attachments.append(attachment)
    touch(application, now=now)
    return attachment


def remove(application: Application, attachment_id: int, questions: set[str], *, now: datetime) -> bool:
    """Take a file away from one of these questions; false when it is not there (any more).

    The bytes stay: what was stored never changes, and another application may use them.
    """
    found = next((one for one in application.attachments if one.id == attachment_id), None)
    if found is None or found.question not in questions:
        return False
    application.attachments.remove(found)
    touch(application, now=now)
    return True


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


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(file_store.CHUNK):
        yield piece
