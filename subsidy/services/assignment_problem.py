"""Who can review what in a round, as a question for the solver, read in a fixed number of queries.

Files on which the officer who asks has an interest are left out (Awb 2:4); what their reviewers have to do
there still counts for what they can take on. Absent from a profile means: no expertise, and Dutch alone.
Somebody who is away on more than half of the days until the reviews are due is not asked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from subsidy.db import db
from subsidy.models import (
    Application,
    Participation,
    RegionMunicipality,
    Review,
    ReviewerProfile,
    Round,
    RoundReviewer,
)
from subsidy.services import assignable
from subsidy.services.interest_warnings import live_interests_in, warnings_in
from subsidy.services.snapshots import definition_of
from workflows.assignment import File, Pair, Problem, Reviewer
from workflows.interests import CLOSE, Sign
from workflows.permissions import Actor

LANGUAGE = "nl"
DAY = timedelta(days=1)
Signs = Mapping[Pair, tuple[Sign, ...]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What an officer chose. `most`: reviews per person who said nothing; `waived`: codes of warnings.

    For a proposal that is made again: `previous` pairs stay where they can, `fixed` ones were added by hand
    and stay for certain, and those in `without` were taken out by hand.
    """

    due_on: date
    most: int
    waived: frozenset[str] = frozenset()
    wants_lay: bool = False
    previous: frozenset[Pair] = frozenset()
    fixed: frozenset[Pair] = frozenset()
    without: frozenset[Pair] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Give what is stored beside the due day."""
        return {
            "most": self.most,
            "waived": sorted(self.waived),
            "wants_lay": self.wants_lay,
            "previous": _listed(self.previous),
            "fixed": _listed(self.fixed),
            "without": _listed(self.without),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], due_on: date) -> "Choices":
        """Read what was stored."""
        return cls(
            due_on=due_on,
            most=stored["most"],
            waived=frozenset(stored["waived"]),
            wants_lay=stored["wants_lay"],
            previous=_pairs(stored["previous"]),
            fixed=_pairs(stored["fixed"]),
            without=_pairs(stored["without"]),
        )


def usual_choices(round_: Round, due_on: date) -> Choices:
    """Return what is chosen when nobody says otherwise."""
    return Choices(due_on, definition_of(round_).reviewing.most_per_reviewer)


def read(
    round_: Round,
    actor: Actor,
    choices: Choices,
    *,
    today: date,
    only: Collection[int] | None = None,
    signs: Signs | None = None,
) -> Problem:
    """Return the problem of this round as this person may see it, or of these applications alone.

    `fixed` pairs count as kept where nothing bars them. `signs` of an interest, when they are at hand.
    """
    found, _more = assignable.find_files(actor, round_, limit=None, only=only)
    ids = [one.id for one in found]
    warnings = warnings_in(round_, application_ids=ids) if signs is None else signs
    close = {pair for pair, signs in warnings.items() if any(one.code in CLOSE for one in signs)}
    barred = close | live_interests_in(round_) | choices.without
    barred |= {
        (file.id, one.user_id) for file in found for one in file.assigned if one.interest and one.user_id
    }
    existing = frozenset(
        (file.id, one.user_id) for file in found for one in file.assigned if not one.interest and one.user_id
    )
    reviewers = _reviewers(round_, choices, existing, today=today)
    able = {one.id for one in reviewers}
    fixed = {pair for pair in choices.fixed - barred - existing if pair[0] in set(ids) and pair[1] in able}
    return Problem(
        files=_files(found),
        reviewers=reviewers,
        barred=barred,
        doubtful={
            pair: tuple(str(one.code) for one in signs)
            for pair, signs in warnings.items()
            if pair not in close and pair not in existing
        },
        waived=choices.waived,
        kept=existing | fixed,
        previous=choices.previous,
        wants_lay=choices.wants_lay,
    )


def existing_in(round_: Round) -> frozenset[Pair]:
    """Return who reviews what in this round now; one query."""
    rows = db.session.execute(
        select(Review.application_id, Review.reviewer_id)
        .join(Application, Application.id == Review.application_id)
        .where(
            Application.round_id == round_.id,
            Review.reviewer_id.is_not(None),
            Review.conflict.is_(None),
            Review.released_at.is_(None),
        )
    )
    return frozenset((application_id, user_id) for application_id, user_id in rows if user_id is not None)


def _files(found: list[assignable.File]) -> tuple[File, ...]:
    ids = [one.id for one in found]
    themes: dict[int, list[str]] = {
        row.id: row.themes
        for row in db.session.execute(
            select(Application.id, Application.themes).where(Application.id.in_(ids))
        )
    }
    domains = _gathered(
        db.session.execute(
            select(Participation.application_id, Participation.domain).where(
                Participation.application_id.in_(ids)
            )
        )
    )
    places = _gathered(
        db.session.execute(
            select(RegionMunicipality.application_id, RegionMunicipality.code).where(
                RegionMunicipality.application_id.in_(ids)
            )
        )
    )
    return tuple(
        File(
            id=one.id,
            # A review that came with a round file has no account: it counts, and is nobody's here.
            needed=one.needed - sum(not each.interest and each.user_id is None for each in one.assigned),
            themes=frozenset(themes[one.id]),
            domains=frozenset(domains[one.id]),
            municipalities=frozenset(places[one.id]),
            language=LANGUAGE,
        )
        for one in found
    )


def _reviewers(
    round_: Round, choices: Choices, existing: Collection[Pair], *, today: date
) -> tuple[Reviewer, ...]:
    people = assignable.find_reviewers(round_)
    ids = [one.user.id for one in people]
    profiles = {
        row.user_id: row
        for row in db.session.scalars(select(ReviewerProfile).where(ReviewerProfile.user_id.in_(ids)))
    }
    served = select(RoundReviewer.user_id, RoundReviewer.most_reviews)
    rows = db.session.execute(served.where(RoundReviewer.round_id == round_.id))
    agreed = {row.user_id: row.most_reviews for row in rows}
    here: defaultdict[int, int] = defaultdict(int)
    for _file, user_id in existing:
        here[user_id] += 1
    found = []
    for one in people:
        number = one.user.id
        plain = Reviewer(number, agreed.get(number) or choices.most, one.total_here - here[number])
        profile = profiles.get(number)
        found.append(
            plain if profile is None else _with_profile(plain, profile, agreed, choices, today=today)
        )
    return tuple(found)


def _with_profile(
    plain: Reviewer,
    profile: ReviewerProfile,
    agreed: Mapping[int | None, int | None],
    choices: Choices,
    *,
    today: date,
) -> Reviewer:
    return replace(
        plain,
        most=agreed.get(plain.id) or profile.most_reviews or choices.most,
        themes=frozenset(profile.themes),
        domains=frozenset(profile.domains),
        municipalities=frozenset(profile.known_municipalities),
        languages=frozenset(profile.languages or [LANGUAGE]),
        available=here_enough(profile.away, today, choices.due_on),
        lay=profile.lay,
    )


def here_enough(away: Iterable[Iterable[str]], first: date, last: date) -> bool:
    """Tell whether somebody is there on at least half of the days from `first` to `last`, both included."""
    days = {first + number * DAY for number in range((last - first).days + 1)}
    spells = [tuple(map(date.fromisoformat, spell)) for spell in away]
    there = [day for day in days if not any(begin <= day <= end for begin, end in spells)]
    return 2 * len(there) >= len(days)


def _gathered(rows: Iterable[Row[int, str]]) -> Mapping[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for application_id, value in rows:
        found[application_id].add(value)
    return found


def _listed(pairs: Iterable[Pair]) -> list[list[int]]:
    return [list(pair) for pair in sorted(pairs)]


def _pairs(stored: Iterable[Iterable[int]]) -> frozenset[Pair]:
    return frozenset((file, person) for file, person in stored)
