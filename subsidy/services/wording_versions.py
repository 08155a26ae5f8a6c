"""The versions of the words of a round: who made which and why, and what each changed, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from subsidy.db import db
from subsidy.models import LetterWording, Round, User
from subsidy.services.wordings import FIRST, Opened, words_of
from workflows.letter_words import Words, spots_of
from workflows.phrases import Place

PAGE = 25
# Words, and the spaces and line ends between them.
_TOKENS = re.compile(r"\s+|[^\s]+")


class Version(NamedTuple):
    """One version in the list, with the names of who saved and who published it."""

    version: int
    reason: str
    saved_by: str
    saved_at: datetime
    published_by: str | None
    published_at: datetime | None


class Page(NamedTuple):
    """A page of versions, newest first, and the version after which the next page begins."""

    versions: list[Version]
    next_after: int | None


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    """Text that stayed, came or went."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What differs at one place, per language; a language in which nothing differs has no pieces."""

    place: Place
    nl: tuple[Piece, ...]
    en: tuple[Piece, ...]


def page_of(round_: Round, *, after: int | None = None) -> Page:
    """List the versions of a round; `after` is the last version of the page before."""
    saver, publisher = aliased(User), aliased(User)
    query = (
        select(
            LetterWording.version,
            LetterWording.reason,
            saver.name,
            LetterWording.saved_at,
            publisher.name,
            LetterWording.published_at,
        )
        .join(saver, saver.id == LetterWording.saved_by)
        .outerjoin(publisher, publisher.id == LetterWording.published_by)
        .where(LetterWording.round_id == round_.id)
        .order_by(LetterWording.version.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(LetterWording.version < after)
    rows = [Version(*row) for row in db.session.execute(query)]
    return Page(rows[:PAGE], rows[PAGE - 1].version if len(rows) > PAGE else None)


def changes_in(round_: Round, opened: Opened) -> tuple[Changed, ...]:
    """Give what a version changed of the one before it, in the order of a letter; nothing for the first."""
    if opened.version == FIRST:
        return ()
    # Numbers have no gaps: a draft that was thrown away gives its own back.
    before, after = words_of(round_, opened.version - 1).words, opened.words
    return tuple(_changed(before, after, opened.classes))


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """Give the pieces of two texts, whole words at a time; nothing when they are the same."""
    if before == after:
        return ()
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    pieces: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece(Change.SAME, "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece(Change.REMOVED, "".join(old[i:j])))
        if k < m:
            pieces.append(Piece(Change.ADDED, "".join(new[k:m])))
    return tuple(pieces)


def _changed(before: dict[Place, Words], after: dict[Place, Words], classes: int) -> Iterator[Changed]:
    for spot in spots_of(classes):
        old, new = before.get(spot.place, Words()), after.get(spot.place, Words())
        if old != new:
            nl, en = (compare("\n\n".join(a), "\n\n".join(b)) for a, b in zip(old, new, strict=True))
            yield Changed(spot.place, nl, en)
