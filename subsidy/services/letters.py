"""Letters to applicants: ordered with the change that causes them, drawn by a job, placed, notified, read.

Nothing of a letter changes once it was drawn. Whoever orders one twice, or draws it again after a crash,
finds the row that is there.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from subsidy.db import db, insert_into
from subsidy.models import Application, Decision, Letter, LetterReading
from subsidy.services import by_post, outbox, wordings
from subsidy.services.decisions import letter_kind
from workflows.correspondence import EXPECTED, ProcedureKind, Reaction
from workflows.letter_codes import ALPHABET, LENGTH
from workflows.mandates import DecisionKind
from workflows.snapshot import Decision as Outcome


def order(
    application: Application,
    kind: ProcedureKind,
    *,
    of: str,
    facts: Mapping[str, Any],
    dated: date,
    now: datetime,
    last_day: date | None = None,
) -> Letter:
    """Order a letter of the procedure in the transaction of what causes it; a job draws and places it.

    `of` tells it from other letters of its kind to this application (the number of a sending, say);
    the same one twice is one letter. `last_day` is until when the reader can react.
    """
    letter = _row(
        f"{kind}:{application.id}:{of}",
        application_id=application.id,
        round_id=application.round_id,
        kind=kind.value,
        facts={**facts, **by_post.address_facts(application.id)},
        dated=dated,
        last_day=last_day,
        expected=EXPECTED[kind].value,
        created_at=now,
    )
    outbox.post("procedure_letter", f"procedure_letter:{letter.id}", {"letter_id": letter.id}, now=now)
    return letter


def of_receipt(application: Application, version: int, *, dated: date, now: datetime) -> Letter:
    """Give the row of the receipt of one sending, made the first time that it is asked for.

    The work that draws it is posted with the sending itself, and draws it without an address in its window.
    """
    return _row(
        f"{ProcedureKind.RECEIPT}:{application.id}:{version}",
        application_id=application.id,
        round_id=application.round_id,
        kind=ProcedureKind.RECEIPT.value,
        facts={"version": version},
        dated=dated,
        expected=EXPECTED[ProcedureKind.RECEIPT].value,
        created_at=now,
    )


def of_decision(decision: Decision, *, now: datetime) -> Letter:
    """Give the row of a decision's letter, made the first time that it is asked for.

    It names the words of the round that are in force then; those of its definition have no number.
    """
    found = db.session.scalars(select(Letter).where(Letter.decision_id == decision.id)).one_or_none()
    if found is not None:
        return found
    if decision.announce_on is None:
        raise ValueError("a decision without dates has no letter")
    kind = letter_kind(
        Outcome(decision.outcome),
        decision.amount_cents,
        decision.application.requested_cents,
        decision.reserve_place,
    )
    # A letter from before its row has the words of the definition.
    words = None if decision.letter_sha256 else wordings.find_in_force(decision.round_id)
    return _row(
        f"decision:{decision.id}",
        application_id=decision.application_id,
        round_id=decision.round_id,
        kind=kind.value,
        decision_id=decision.id,
        wording_id=None if words is None else words.id,
        # A letter from before its row was drawn without an address in its window.
        facts={} if decision.letter_sha256 else by_post.address_facts(decision.application_id),
        dated=decision.announce_on,
        last_day=decision.objection_last_day,
        # Against what followed an objection or a court order one appeals (Awb 8:1).
        expected=(Reaction.APPEAL if decision.kind == DecisionKind.REMEDY else Reaction.OBJECT).value,
        created_at=now,
    )


def keep_drawn(letter: Letter, sha256: str) -> bool:
    """Keep the bytes of a letter under their digest; false when another worker was first."""
    first = db.session.execute(
        update(Letter)
        .where(Letter.id == letter.id, Letter.sha256.is_(None))
        .values(sha256=sha256)
        .returning(Letter.id)
    ).first()
    return first is not None


def place(letter: Letter, *, at: datetime) -> None:
    """Put a letter that was drawn in the file of the applicant; the first time counts."""
    _set_once(letter, "placed_at", at)


def mark_notified(letter_id: int, *, at: datetime) -> None:
    """Record that a notification of this letter was sent (Awb 2:10); the first one counts."""
    _set_once(db.session.get_one(Letter, letter_id), "notified_at", at)


def mark_posted(letter: Letter, *, at: datetime, by: int | None) -> None:
    """Record that this letter was posted, by which officer; the first time counts."""
    _set_once(letter, "posted_at", at, posted_by=by)


def mark_read(letter: Letter, *, user_id: int, now: datetime) -> None:
    """Record that somebody of the collaboration opened a letter; the first time counts."""
    db.session.execute(
        insert_into(LetterReading)
        .values(letter_id=letter.id, user_id=user_id, read_at=now)
        .on_conflict_do_nothing()
    )


def _row(key: str, **values: Any) -> Letter:
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    db.session.execute(
        insert_into(Letter)
        .values(key=key, code=code, **values)
        .on_conflict_do_nothing(index_elements=["key"])
    )
    return db.session.scalars(select(Letter).where(Letter.key == key)).one()


def _set_once(letter: Letter, column: str, at: datetime, **more: Any) -> None:
    """Set an instant where the database has none: another worker can have been first since it was read."""
    db.session.execute(
        update(Letter)
        .where(Letter.id == letter.id, getattr(Letter, column).is_(None))
        .values({column: at, **more})
        .execution_options(synchronize_session=False)
    )
    db.session.expire(letter, [column, *more])
