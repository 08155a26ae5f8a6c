"""What a reviewer knows and can take on: kept once per person, for every round.

Regions are kept as municipalities. On the form somebody picks a GGD region at once; it stands for all its
municipalities, and a profile that holds all of them shows the region again.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from subsidy.db import LOCK, db, insert_into
from subsidy.models import ReviewerProfile, Round, User
from subsidy.services import events
from subsidy.services.pool import PoolError
from workflows.definition import Text
from workflows.kinds import KINDS
from workflows.permissions import Actor
from workflows.regions import Reference
from workflows.states import RoundState


@dataclass(frozen=True, slots=True)
class Expertise:
    """What stands on the form. Regions are codes of municipalities and GGD regions.

    `away` holds pairs of a first and a last day.
    """

    kvk: str | None = None
    lay: bool = False
    themes: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("nl",)
    most_reviews: int | None = None
    away: tuple[tuple[date, date], ...] = ()
    about: str = ""


def find_profile(user_id: int) -> ReviewerProfile | None:
    """Give what somebody told about themselves, if they did."""
    return db.session.get(ReviewerProfile, user_id)


def expertise_of(profile: ReviewerProfile | None, reference: Reference) -> Expertise:
    """Give a stored profile as the form shows it, with the municipalities of today."""
    if profile is None:
        return Expertise()
    return Expertise(
        kvk=profile.kvk,
        lay=profile.lay,
        themes=tuple(profile.themes),
        domains=tuple(profile.domains),
        known=gathered(profile.known_municipalities, reference),
        own=_today(profile.own_municipalities, reference),
        languages=tuple(profile.languages),
        most_reviews=profile.most_reviews,
        away=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in profile.away),
        about=profile.about,
    )


def save(  # the form as a whole, and who sends it
    user: User,
    given: Expertise,
    reference: Reference,
    *,
    seen: datetime | None,
    actor: Actor,
    now: datetime,
    round_id: int | None = None,
) -> bool:
    """Keep what somebody knows; False when it stood there so already (a double click).

    `seen` is when the profile that the form showed was changed last, None when there was none; `round_id`
    is the round for which the office writes. Raises PoolError `changed_meanwhile`.
    """
    made = db.session.execute(
        insert_into(ReviewerProfile)
        .values(user_id=user.id, updated_at=now, **_empty())
        .on_conflict_do_nothing(index_elements=["user_id"])
        .returning(ReviewerProfile.user_id)
    ).first()
    row = db.session.get_one(ReviewerProfile, user.id, with_for_update=LOCK, populate_existing=True)
    values = _values(given, reference)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if made is None and not changed:
        return False
    if made is None and row.updated_at != seen:
        raise PoolError("changed_meanwhile")
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = now
    events.append(
        "reviewer.profile_changed",
        at=now,
        actor_id=actor.user_id,
        round_id=round_id,
        facts={"user": user.id, "changed": changed},
    )
    db.session.flush()
    return True


def known_themes() -> dict[str, Text]:
    """Give every theme of every kind, and of the rounds that were published with themes of their own."""
    found = {theme.value: theme.label for kind in KINDS.values() for theme in kind.themes}
    rows = db.session.scalars(
        select(Round.definition["themes"])
        .where(Round.state != RoundState.DRAFT.value)
        .order_by(Round.opens_at, Round.id)
    )
    for themes in rows:
        for theme in themes or ():
            found.setdefault(theme["value"], Text.model_validate(theme["label"]))
    return found


def spread(codes: Iterable[str], reference: Reference) -> tuple[str, ...]:
    """Give the municipalities of a choice of municipalities and GGD regions, by code."""
    members = _members(reference)
    found = {one for code in codes for one in members.get(code, (code,))}
    return tuple(sorted(found & set(reference.municipalities)))


def gathered(codes: Iterable[str], reference: Reference) -> tuple[str, ...]:
    """Give the GGD regions that lie wholly in these municipalities, and the municipalities besides."""
    held = set(_today(codes, reference))
    whole = {code: set(members) for code, members in _members(reference).items() if held.issuperset(members)}
    rest = held.difference(*whole.values())
    return (*sorted(whole), *sorted(rest))


def _today(codes: Iterable[str], reference: Reference) -> tuple[str, ...]:
    resolved = (reference.resolve(code) for code in codes)
    return tuple(sorted({code for code in resolved if code is not None}))


def _members(reference: Reference) -> dict[str, list[str]]:
    """The municipalities of each GGD region."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in reference.municipalities.values():
        found[one.ggd_code].append(one.code)
    return dict(found)


def _values(given: Expertise, reference: Reference) -> dict[str, Any]:
    return {
        "kvk": given.kvk,
        "lay": given.lay,
        "themes": list(given.themes),
        "domains": list(given.domains),
        "known_municipalities": list(spread(given.known, reference)),
        "own_municipalities": list(spread(given.own, reference)),
        "languages": list(given.languages),
        "most_reviews": given.most_reviews,
        "away": [[first.isoformat(), last.isoformat()] for first, last in sorted(given.away)],
        "about": given.about,
    }


def _empty() -> dict[str, Any]:
    lists = ("themes", "domains", "known_municipalities", "own_municipalities", "languages", "away")
    empty: dict[str, Any] = {name: [] for name in lists}
    return {**empty, "lay": False, "about": ""}
