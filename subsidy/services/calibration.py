"""A trial application that everybody who serves in a round scores before the reviewing, to compare.

It has no applicant, no money and no decision, and nothing of it is read by the ranking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from subsidy import clock
from subsidy.db import LOCK, db, insert_into
from subsidy.models import Calibration, CalibrationReview, Round
from subsidy.services import events, mail, outbox
from subsidy.services.calibration_lists import Serving, people_in
from subsidy.services.snapshots import definition_of
from workflows.calendar_nl import AMSTERDAM
from workflows.permissions import Actor
from workflows.reviewing import Missing, missing_from
from workflows.states import RoundState

REMIND_BEFORE = timedelta(days=2)
REMIND_AT = time(9)


class CalibrationError(Exception):
    """Something about a trial application is refused; a stable code.

    `not_published`, `round_over`, `due_past` (the day lies before today), `closed`, `handed_in`,
    `clash` (somebody, this person in another window, saved something else meanwhile).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class IncompleteError(Exception):
    """Not handed in; what was typed is saved. `missing` says what it takes."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(f"{len(missing)} things are missing")
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Scored:
    """What a form holds: per criterion a score (None: not yet) and a motivation."""

    scores: Mapping[str, Decimal | None]
    motivations: Mapping[str, str]


def open_calibration(
    round_: Round, *, title: str, case_text: str, due_on: date, actor: Actor, now: datetime
) -> Calibration:
    """Ask everybody who serves in the round to score a case, until the end of the day `due_on`.

    The same case once more while it is open is the same one. Raises CalibrationError.
    """
    db.session.refresh(round_, with_for_update=LOCK)
    if round_.state != RoundState.PUBLISHED:
        raise CalibrationError("not_published" if round_.state == RoundState.DRAFT else "round_over")
    if due_on < clock.day_of(now):
        raise CalibrationError("due_past")
    same = select(Calibration).where(
        Calibration.round_id == round_.id,
        Calibration.title == title,
        Calibration.case_text == case_text,
        Calibration.closed_at.is_(None),
    )
    found = db.session.scalars(same).first()
    if found is not None:
        return found
    calibration = Calibration(
        round_id=round_.id,
        title=title,
        case_text=case_text,
        due_on=due_on,
        made_by=actor.user_id,
        opened_at=now,
    )
    db.session.add(calibration)
    db.session.flush()
    _record("calibration.opened", calibration, actor.user_id, now, due_on=due_on.isoformat())
    _tell("calibration_opened", calibration, round_, people_in(calibration), now, key="opened")
    remind_at = datetime.combine(due_on - REMIND_BEFORE, REMIND_AT, AMSTERDAM)
    if remind_at > now + REMIND_BEFORE:
        key = f"calibration_reminder:{calibration.id}"
        payload = {"calibration_id": calibration.id}
        outbox.post("calibration_reminder", key, payload, now=now, due_at=remind_at)
    return calibration


def close(calibration: Calibration, *, actor: Actor, now: datetime) -> None:
    """End it: nobody hands in any more, and everybody may compare. Twice is once."""
    db.session.refresh(calibration, with_for_update=LOCK)
    if calibration.closed_at is not None:
        return
    calibration.closed_at = now
    _record("calibration.closed", calibration, actor.user_id, now)
    db.session.flush()


def remind(calibration: Calibration, *, actor: Actor, now: datetime) -> int:
    """Remind who did not hand in, at most once a day; returns how many they are. Raises CalibrationError."""
    db.session.refresh(calibration, with_for_update=LOCK)
    if calibration.closed_at is not None:
        raise CalibrationError("closed")
    number = _remind(calibration, now)
    _record("calibration.reminded", calibration, actor.user_id, now, people=number)
    return number


def remind_job(payload: Mapping[str, Any]) -> None:
    """Outbox handler `calibration_reminder`: the last day is near. Nothing to do when it was closed."""
    calibration = db.session.get(Calibration, payload["calibration_id"], with_for_update=LOCK)
    now = clock.read()
    if calibration is None or calibration.closed_at is not None:
        return
    round_ = db.session.get_one(Round, calibration.round_id)
    if round_.state == RoundState.PUBLISHED:
        _record("calibration.reminded", calibration, None, now, people=_remind(calibration, now))


def save(  # the form as a whole, and who sends it
    calibration: Calibration, given: Scored, *, version: int, hand_in: bool, actor: Actor, now: datetime
) -> CalibrationReview:
    """Keep what was typed; with `hand_in` it can no longer be changed.

    `version` is that of the review when the form was opened, 0 when there was none. The same content twice
    is one save. Raises CalibrationError `closed`, `handed_in`, `clash`; IncompleteError, and then the
    draft is saved.
    """
    db.session.refresh(calibration, with_for_update=LOCK)
    if calibration.closed_at is not None:
        raise CalibrationError("closed")
    review = _locked(calibration, actor.user_id or 0, now)
    if review.handed_in_at is not None:
        raise CalibrationError("handed_in")
    scores = {name: str(score) for name, score in given.scores.items() if score is not None}
    motivations = {name: text.strip() for name, text in given.motivations.items() if text.strip()}
    if (review.scores, review.motivations) != (scores, motivations):
        if review.version != version:
            raise CalibrationError("clash")
        review.scores, review.motivations = scores, motivations
        review.version, review.updated_at = version + 1, now
    if hand_in:
        missing = missing_in(calibration, review)
        if missing:
            db.session.flush()
            raise IncompleteError(missing)
        review.handed_in_at = now
        _record("calibration.handed_in", calibration, actor.user_id, now)
    db.session.flush()
    return review


def missing_in(calibration: Calibration, review: CalibrationReview) -> tuple[Missing, ...]:
    """Tell what a review lacks before it can be handed in; nothing is recommended on a trial application."""
    definition = definition_of(db.session.get_one(Round, calibration.round_id))
    return missing_from(
        definition.rules.criteria,
        definition.reviewing.model_copy(update={"recommends": False}),
        scores=scores_of(review),
        motivations=review.motivations,
        recommendation="",
    )


def scores_of(review: CalibrationReview) -> dict[str, Decimal]:
    """Give the scores as numbers."""
    return {name: Decimal(score) for name, score in review.scores.items()}


def _locked(calibration: Calibration, user_id: int, now: datetime) -> CalibrationReview:
    """Give the row of this person, made when it is not there, and locked."""
    db.session.execute(
        insert_into(CalibrationReview)
        .values(
            calibration_id=calibration.id,
            user_id=user_id,
            scores={},
            motivations={},
            version=0,
            updated_at=now,
        )
        .on_conflict_do_nothing()
    )
    query = select(CalibrationReview).where(
        CalibrationReview.calibration_id == calibration.id, CalibrationReview.user_id == user_id
    )
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return db.session.scalars(locked).one()


def _remind(calibration: Calibration, now: datetime) -> int:
    waiting = [one for one in people_in(calibration) if not one.handed_in]
    round_ = db.session.get_one(Round, calibration.round_id)
    key = f"reminder:{clock.day_of(now).isoformat()}"
    _tell("calibration_reminder", calibration, round_, waiting, now, key=key)
    return len(waiting)


def _tell(
    template: str,
    calibration: Calibration,
    round_: Round,
    people: Sequence[Serving],
    now: datetime,
    *,
    key: str,
) -> None:
    for one in people:
        mail.compose(
            f"calibration:{calibration.id}:{key}:{one.user.id}",
            recipient=one.user.email,
            template=template,
            context={"user": one.user, "calibration": calibration, "round": round_},
            now=now,
            locale=one.user.locale,
        )


def _record(name: str, calibration: Calibration, user_id: int | None, now: datetime, **facts: object) -> None:
    events.append(
        name,
        at=now,
        actor_id=user_id,
        round_id=calibration.round_id,
        facts={"calibration": calibration.id, **facts},
    )
