"""Trial applications as lists: of a round, of a person, and of who scored one."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from subsidy.db import db
from subsidy.models import Calibration, CalibrationReview, Round, RoundReviewer, User
from workflows.states import RoundState


@dataclass(frozen=True, slots=True)
class Serving:
    """Somebody who serves in the round, with what they gave the trial application."""

    user: User
    body: str
    review: CalibrationReview | None

    @property
    def handed_in(self) -> bool:
        """Whether they are done."""
        return self.review is not None and self.review.handed_in_at is not None


@dataclass(frozen=True, slots=True)
class Listed:
    """A trial application in a list. `handed_in`: how many did; in the own list 1 or 0, for oneself."""

    calibration: Calibration
    round: Round
    handed_in: int


def find(round_: Round, calibration_id: int) -> Calibration | None:
    """Give a trial application of this round."""
    query = select(Calibration).where(Calibration.id == calibration_id, Calibration.round_id == round_.id)
    return db.session.scalars(query).one_or_none()


def find_review(calibration: Calibration, user_id: int) -> CalibrationReview | None:
    """Give what one person gave."""
    query = select(CalibrationReview).where(
        CalibrationReview.calibration_id == calibration.id, CalibrationReview.user_id == user_id
    )
    return db.session.scalars(query).one_or_none()


def handed_in(calibration: Calibration) -> list[CalibrationReview]:
    """Give all that was handed in, by whoever served then."""
    query = select(CalibrationReview).where(
        CalibrationReview.calibration_id == calibration.id, CalibrationReview.handed_in_at.is_not(None)
    )
    return list(db.session.scalars(query.order_by(CalibrationReview.id)))


def people_in(calibration: Calibration) -> list[Serving]:
    """Give everybody who serves in the round or handed in before they stopped, by name; one query."""
    rows = db.session.execute(
        select(User, RoundReviewer.body, RoundReviewer.dropped_at, CalibrationReview)
        .join(RoundReviewer, RoundReviewer.user_id == User.id)
        .outerjoin(
            CalibrationReview,
            and_(CalibrationReview.user_id == User.id, CalibrationReview.calibration_id == calibration.id),
        )
        .where(RoundReviewer.round_id == calibration.round_id, RoundReviewer.answer == "accepted")
        .order_by(User.name, User.id)
    )
    found = [(Serving(user, body, review), dropped) for user, body, dropped, review in rows]
    return [one for one, dropped in found if dropped is None or one.handed_in]


def of_round(round_: Round) -> list[Listed]:
    """Give the trial applications of a round with how many handed in, the newest first; one query."""
    number = (
        select(func.count())
        .select_from(CalibrationReview)
        .where(
            CalibrationReview.calibration_id == Calibration.id, CalibrationReview.handed_in_at.is_not(None)
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Calibration, number).where(Calibration.round_id == round_.id).order_by(Calibration.id.desc())
    )
    return [Listed(calibration, round_, count) for calibration, count in rows]


def for_person(user_id: int) -> list[Listed]:
    """Give the trial applications of the running rounds in which this person serves; one query."""
    rows = db.session.execute(
        select(Calibration, Round, CalibrationReview.handed_in_at)
        .join(Round, Round.id == Calibration.round_id)
        .join(RoundReviewer, RoundReviewer.round_id == Round.id)
        .outerjoin(
            CalibrationReview,
            and_(CalibrationReview.calibration_id == Calibration.id, CalibrationReview.user_id == user_id),
        )
        .where(
            RoundReviewer.user_id == user_id,
            RoundReviewer.answer == "accepted",
            RoundReviewer.dropped_at.is_(None),
            Round.state == RoundState.PUBLISHED,
        )
        .order_by(Calibration.due_on, Calibration.id)
    )
    return [Listed(calibration, round_, int(at is not None)) for calibration, round_, at in rows]
