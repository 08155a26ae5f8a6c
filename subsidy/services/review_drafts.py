"""What a reviewer writes, kept while it is written: from two windows or two machines nothing is lost.

A page sends along the version that it shows, and marks of every part that it showed (a score, a motivation,
the recommendation, the notes). While the version stands, saving is one step. Else it is merged part by part:
what only one of both changed is taken, and a part that both changed to something else is a clash.
What cannot be stored is kept as it was typed, with its mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, null, update
from sqlalchemy.orm.attributes import set_committed_value

from subsidy.db import LOCK, db
from subsidy.models import Review, ReviewScore
from subsidy.services import drafting
from subsidy.services.drafting import Typed
from subsidy.services.entries import merging

SCORE, MOTIVATION = "score-", "motivation-"
RECOMMENDATION, NOTES = "recommendation", "notes"


class ReviewClosedError(Exception):
    """Nothing can be written any more: it was handed in, an interest was declared, or the phase is over."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds: per criterion a score (None: not yet) and a motivation; the rest is empty text."""

    scores: Mapping[str, Decimal | None]
    motivations: Mapping[str, str]
    notes: str = ""
    recommendation: str = ""

    @property
    def parts(self) -> dict[str, object]:
        """Every part that says something, by the name of its field."""
        scores = {SCORE + name: score for name, score in self.scores.items() if score is not None}
        texts = {MOTIVATION + name: text for name, text in self.motivations.items()}
        return {
            **{name: _same(score) for name, score in scores.items()},
            **{
                name: text
                for name, text in {**texts, RECOMMENDATION: self.recommendation, NOTES: self.notes}.items()
                if text
            },
        }

    @property
    def marks(self) -> str:
        """The marks of these parts, for a page that shows them."""
        return merging.marks_of(self.parts)


class ClashError(Exception):
    """In these `parts` this person, in another window, saved something else than the page had shown."""

    def __init__(self, stored: Draft, parts: frozenset[str]) -> None:
        super().__init__(f"{len(parts)} parts clash")
        self.stored = stored
        self.parts = parts


def draft_of(review: Review) -> Draft:
    """What is stored of a review."""
    scores = {row.criterion: row.score for row in review.scores if row.score is not None}
    motivations = {row.criterion: row.motivation for row in review.scores if row.motivation}
    return Draft(scores, motivations, review.notes, review.recommendation)


def save_draft(
    review: Review, draft: Draft, *, version: int | None, now: datetime, seen: str = ""
) -> frozenset[str]:
    """Keep what was typed so far; `version` is the one that the page shows, `seen` the marks of its parts.

    None for the version is a page that shows older text in a part that somebody else changed. Gives the parts
    that only the other changed, whose text stays. The same content twice is one save. Raises
    ReviewClosedError, ClashError.
    """
    content = normal(draft)
    if version is not None and _take(review, version, content, now):
        _write(review, content)
        db.session.flush()
        return frozenset()
    lock(review)
    if not is_open(review):
        raise ReviewClosedError
    stored = draft_of(review)
    merged = merging.merge(content.parts, stored.parts, seen)
    if merged.clashing:
        raise ClashError(stored, merged.clashing)
    whole = _from_parts(merged.parts)
    if whole != stored:
        review.version += 1
        review.notes, review.recommendation, review.updated_at = whole.notes, whole.recommendation, now
        _write(review, whole)
        db.session.flush()
    return merged.theirs


def keep(review: Review, typed: Typed, *, knows: str) -> str | None:
    """Keep this in the place of the text that the page knew, and give its mark.

    None, and nothing is kept, while another text is there that the page did not know.
    """
    lock(review)
    mark = drafting.mark_of(typed)
    if review.kept_mark not in {"", knows, mark}:
        return None
    review.kept, review.kept_mark = typed, mark
    db.session.flush()
    return mark


def let_go(review: Review, *, knows: str) -> None:
    """Let go of the kept text that the page knew: it is stored now, or no longer wanted."""
    if not knows or review.kept_mark != knows:
        return
    db.session.execute(
        update(Review)
        .where(Review.id == review.id, Review.kept_mark == knows)
        .values(kept=null(), kept_mark="")
        .execution_options(synchronize_session=False)
    )
    set_committed_value(review, "kept", None)
    set_committed_value(review, "kept_mark", "")


def lock(review: Review) -> None:
    """Lock the row and read again what decides."""
    deciding = [
        *("version", "declared_at", "conflict", "handed_in_at", "released_at", "updated_at"),
        *("notes", "recommendation", "kept_mark", "scores"),
    ]
    db.session.refresh(review, attribute_names=deciding, with_for_update=LOCK)


def is_open(review: Review) -> bool:
    """Whether its reviewer can write in it, as far as the row tells."""
    begun = review.declared_at is not None and review.conflict is None
    return begun and review.handed_in_at is None and review.released_at is None


def normal(draft: Draft) -> Draft:
    """The same without what says nothing."""
    scores = {criterion: score for criterion, score in draft.scores.items() if score is not None}
    motivations = {criterion: text.strip() for criterion, text in draft.motivations.items() if text.strip()}
    return Draft(scores, motivations, draft.notes.strip(), draft.recommendation)


# Put together once: autosaving asks it every few seconds, and building costs more than running it.
TAKE = (
    update(Review)
    .where(
        Review.id == bindparam("key"),
        Review.version == bindparam("seen"),
        Review.declared_at.is_not(None),
        Review.conflict.is_(None),
        Review.handed_in_at.is_(None),
        Review.released_at.is_(None),
    )
    .values(
        version=bindparam("new_version"),
        notes=bindparam("new_notes"),
        recommendation=bindparam("new_recommendation"),
        updated_at=bindparam("new_updated_at"),
    )
    .returning(Review.id)
    .execution_options(synchronize_session=False)
)


def _take(review: Review, version: int, content: Draft, now: datetime) -> bool:
    """Lock the row and move it to the next version, when it still is as the form showed it: in one step."""
    fresh = {
        "version": version + 1,
        "notes": content.notes,
        "recommendation": content.recommendation,
        "updated_at": now,
    }
    values = {f"new_{name}": value for name, value in fresh.items()}
    if db.session.execute(TAKE, {"key": review.id, "seen": version, **values}).first() is None:
        return False
    for name, value in fresh.items():
        set_committed_value(review, name, value)
    return True


def _write(review: Review, draft: Draft) -> None:
    rows = {row.criterion: row for row in review.scores}
    for criterion in [*draft.scores, *(one for one in draft.motivations if one not in draft.scores)]:
        if criterion not in rows:
            rows[criterion] = ReviewScore(criterion=criterion, position=len(rows))
            review.scores.append(rows[criterion])
    for criterion, row in rows.items():
        row.score = draft.scores.get(criterion)
        row.motivation = draft.motivations.get(criterion)


def _from_parts(parts: Mapping[str, object]) -> Draft:
    told = {name: str(value) for name, value in parts.items() if value is not None}
    return Draft(
        {name.removeprefix(SCORE): Decimal(text) for name, text in told.items() if name.startswith(SCORE)},
        {name.removeprefix(MOTIVATION): text for name, text in told.items() if name.startswith(MOTIVATION)},
        told.get(NOTES, ""),
        told.get(RECOMMENDATION, ""),
    )


def _same(score: Decimal) -> str:
    """A score as text, the same for 4 and 4.0."""
    plain = format(score, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
