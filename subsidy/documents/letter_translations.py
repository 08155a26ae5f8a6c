"""The job that draws the courtesy translation of a decision letter, once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from subsidy import clock
from subsidy.db import db, reading
from subsidy.documents.decision_letters import MEDIA_TYPE, content_for
from subsidy.documents.letter import render_letter
from subsidy.documents.letter_values import LetterError
from subsidy.models import Letter
from subsidy.services import file_store
from subsidy.services.outbox import HopelessError


def make_translation(payload: Mapping[str, Any]) -> None:
    """Outbox handler: draw the English of a letter and keep it beside the letter, which stays as it is.

    Safe to run twice; no transaction is open while it draws. Raises HopelessError when a fact is missing.
    """
    with reading():
        letter = db.session.get_one(Letter, payload["letter_id"])
        if letter.english_sha256 is not None or letter.decision is None:
            return
        try:
            content = content_for(letter.decision, letter=letter, language="en")
        except LetterError as error:
            raise HopelessError(str(error)) from error
        db.session.commit()
    stored = file_store.put(render_letter(content), media_type=MEDIA_TYPE, now=clock.read())
    db.session.execute(
        update(Letter)
        .where(Letter.id == payload["letter_id"], Letter.english_sha256.is_(None))
        .values(english_sha256=stored.sha256)
    )
    db.session.commit()
