"""The words of the letters of a round: those in force, the draft of the next, and its publication.

A round carries its own words in its definition. Who publishes others puts them in their place for the letters
that have no row yet: the row of a letter names its words, so drawing it again gives the same ones. The round
as it was frozen stays as it was, because words decide nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select

from subsidy.db import db, json_text
from subsidy.models import Decision, Letter, LetterWording, Round
from subsidy.services import events, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.snapshots import definition_of
from workflows.definition import RoundDefinition
from workflows.letter_parts import Fault, faults_of, stray_fields
from workflows.letter_words import Words, put_together, taken_apart, whole, without_gaps
from workflows.permissions import Actor, Can, may
from workflows.phrases import LetterPhrases, Place
from workflows.states import RoundState

# The words that the definition of the round carries.
FIRST = 0
MARK = 16
# What a look at a draft shows in the place of a text that is missing.
GAP = "[\N{HORIZONTAL ELLIPSIS}]"


class WordingError(Exception):
    """A step is refused: not_published, no_draft, draft_exists, changed, faulty, field_unknown, unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ClashError(Exception):
    """A colleague changed the same words after the page was opened; `stored` are those kept now."""

    def __init__(self, stored: Mapping[Place, Words]) -> None:
        super().__init__("changed by somebody else in the meantime")
        self.stored = stored


class Opened(NamedTuple):
    """The newest words of a round: those of the draft, else those in force.

    `version` is FIRST for those of the definition; `phrases` are JSON in the shape of LetterPhrases.
    """

    version: int
    phrases: Mapping[str, Any]
    draft: LetterWording | None

    @property
    def words(self) -> dict[Place, Words]:
        """The words by their place."""
        return taken_apart(self.phrases)

    @property
    def classes(self) -> int:
        """How many classes of amounts there are."""
        return len(self.phrases["amount_classes"])


def find_in_force(round_id: int) -> LetterWording | None:
    """Return the words that new letters are written with; None while those of the definition are."""
    return db.session.scalars(
        select(LetterWording)
        .where(LetterWording.round_id == round_id, LetterWording.published_at.is_not(None))
        .order_by(LetterWording.version.desc())
        .limit(1)
    ).one_or_none()


def find_draft(round_id: int, *, lock: bool = False) -> LetterWording | None:
    """Return the draft of the next words of a round."""
    query = select(LetterWording).where(
        LetterWording.round_id == round_id, LetterWording.published_at.is_(None)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def version_of(decision: Decision) -> int:
    """Return the version of the words of the letter of a decision; FIRST for those of the definition."""
    query = select(LetterWording.version).join(Letter, Letter.wording_id == LetterWording.id)
    return db.session.scalar(query.where(Letter.decision_id == decision.id)) or FIRST


def definition_with(round_: Round, wording_id: int | None) -> RoundDefinition:
    """Give the definition of a round with the words of this version; None: with its own."""
    definition = definition_of(round_)
    if wording_id is None:
        return definition
    wording = db.session.get_one(LetterWording, wording_id)
    return definition.model_copy(update={"letters": LetterPhrases.model_validate(wording.phrases)})


def definition_opened(round_: Round, opened: Opened) -> RoundDefinition:
    """Give the definition of a round with words that may still have gaps, for a look at them."""
    full = without_gaps(opened.words, opened.classes, gap=GAP)
    phrases = LetterPhrases.model_validate(put_together(full, opened.phrases))
    return definition_of(round_).model_copy(update={"letters": phrases})


def definition_now(round_: Round) -> RoundDefinition:
    """Give the definition of a round with the words in force."""
    wording = find_in_force(round_.id)
    return definition_with(round_, None if wording is None else wording.id)


def open_words(round_: Round, *, lock: bool = False) -> Opened:
    """Give the words that an officer reads and goes on with."""
    draft = find_draft(round_.id, lock=lock)
    newest = draft or find_in_force(round_.id)
    if newest is None:
        return Opened(FIRST, whole(definition_of(round_).letters), None)
    return Opened(newest.version, newest.phrases, draft)


def words_of(round_: Round, version: int) -> Opened:
    """Give the words of one version; WordingError `unknown`."""
    if version == FIRST:
        return Opened(FIRST, whole(definition_of(round_).letters), None)
    found = db.session.scalars(
        select(LetterWording).where(LetterWording.round_id == round_.id, LetterWording.version == version)
    ).one_or_none()
    if found is None:
        raise WordingError("unknown")
    return Opened(version, found.phrases, None if found.published_at else found)


def faults_in(round_: Round, opened: Opened) -> tuple[Fault, ...]:
    """Give what is wrong with words, in the order of a letter."""
    return faults_of(opened.words, definition_of(round_), opened.classes)


def mark_of(words: Mapping[Place, Words]) -> str:
    """Give the mark of words: a page sends it back, so that nobody overwrites what they did not see."""
    told = [
        [*map(str, place), list(said.nl), list(said.en)] for place, said in sorted(words.items(), key=_key)
    ]
    return sha256(json_text({"words": told}).encode()).hexdigest()[:MARK]


def save(
    round_: Round, typed: Mapping[Place, Words], *, seen: str, actor: Actor, now: datetime
) -> LetterWording | None:
    """Put words in the draft of the round, which begins with those in force; None when nothing changes.

    They may have faults. `seen` is the mark of the same places when the page was made: what others changed
    elsewhere stays. Raises NotAllowedError, ClashError, and WordingError: not_published, field_unknown.
    """
    _may_edit(round_, actor, now)
    for place, said in typed.items():
        if any(stray_fields(place, text) for text in ("\n".join(said.nl), "\n".join(said.en))):
            raise WordingError("field_unknown")
    opened = _hold(round_)
    stored = opened.words
    here = {place: stored[place] for place in typed}
    if here == typed:
        return None
    if mark_of(here) != seen:
        raise ClashError(here)
    phrases = put_together({**stored, **typed}, opened.phrases)
    return _keep(round_, opened.draft, phrases, "wording.saved", actor=actor, now=now)


def publish(round_: Round, *, reason: str, seen: str, actor: Actor, now: datetime) -> LetterWording:
    """Put the draft in force for the letters that are still to be written; it never changes again.

    `seen` is the mark of all its words. Raises NotAllowedError, and WordingError: not_published, no_draft,
    changed, faulty.
    """
    _may_edit(round_, actor, now)
    opened = _hold(round_)
    draft = opened.draft
    if draft is None:
        raise WordingError("no_draft")
    if mark_of(opened.words) != seen:
        raise WordingError("changed")
    if faults_in(round_, opened):
        raise WordingError("faulty")
    LetterPhrases.model_validate(draft.phrases)
    draft.reason, draft.published_by, draft.published_at = reason.strip(), actor.user_id, now
    db.session.flush()
    _tell("wording.published", draft, actor=actor, now=now)
    return draft


def discard(round_: Round, *, seen: str, actor: Actor, now: datetime) -> None:
    """Throw the draft away; the words in force stay. Raises as `publish`."""
    _may_edit(round_, actor, now)
    opened = _hold(round_)
    if opened.draft is None:
        raise WordingError("no_draft")
    if mark_of(opened.words) != seen:
        raise WordingError("changed")
    _tell("wording.discarded", opened.draft, actor=actor, now=now)
    db.session.execute(delete(LetterWording).where(LetterWording.id == opened.draft.id))


def put_back(round_: Round, version: int, *, actor: Actor, now: datetime) -> LetterWording:
    """Make an earlier version the draft of the next.

    Raises NotAllowedError, and WordingError: not_published, draft_exists, unknown.
    """
    _may_edit(round_, actor, now)
    if _hold(round_).draft is not None:
        raise WordingError("draft_exists")
    phrases = dict(words_of(round_, version).phrases)
    return _keep(round_, None, phrases, "wording.put_back", actor=actor, now=now)


def may_change(round_: Round) -> bool:
    """Whether a round can have letters: it is published; one that is closed still gets later decisions."""
    return round_.state != RoundState.DRAFT


def _may_edit(round_: Round, actor: Actor, now: datetime) -> None:
    if not may(actor, Can.WORDING_EDIT, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.WORDING_EDIT)
    if not may_change(round_):
        raise WordingError("not_published")


def _hold(round_: Round) -> Opened:
    """Read the newest words so that nobody else changes them before this is over."""
    events.hold(round_.id)
    return open_words(round_, lock=True)


def _keep(
    round_: Round,
    draft: LetterWording | None,
    phrases: dict[str, Any],
    name: str,
    *,
    actor: Actor,
    now: datetime,
) -> LetterWording:
    if draft is None:
        newest = db.session.scalar(
            select(func.max(LetterWording.version)).where(LetterWording.round_id == round_.id)
        )
        draft = LetterWording(round_id=round_.id, version=(newest or FIRST) + 1)
        db.session.add(draft)
    draft.phrases, draft.saved_at = phrases, now
    if actor.user_id is not None:
        draft.saved_by = actor.user_id
    db.session.flush()
    _tell(name, draft, actor=actor, now=now)
    return draft


def _tell(name: str, wording: LetterWording, *, actor: Actor, now: datetime) -> None:
    events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=wording.round_id,
        facts={
            "version": wording.version,
            "says": sha256(json_text(wording.phrases).encode()).hexdigest(),
        },
    )


def _key(item: tuple[Place, Words]) -> tuple[str, ...]:
    return tuple(map(str, item[0]))
