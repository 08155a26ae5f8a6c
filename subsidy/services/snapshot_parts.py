"""What hangs below the applications of a snapshot, in one query for each kind of row."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, select

from subsidy.db import db
from subsidy.models import (
    Decision,
    PanelAdvice,
    Participation,
    RegionMunicipality,
    RegionNeighbourhood,
    Review,
    ReviewScore,
)


def parts_of(chosen: Select[int]) -> dict[str, defaultdict[int, list[Any]]]:
    """Read what hangs below the chosen applications, grouped by application."""
    party = (Participation.lead, Participation.name, Participation.domain, Participation.kvk)
    participations = (
        select(Participation.application_id, *party)
        .where(Participation.application_id.in_(chosen))
        .order_by(Participation.application_id, Participation.position)
    )
    municipalities = (
        select(RegionMunicipality.application_id, RegionMunicipality.given_code)
        .where(RegionMunicipality.application_id.in_(chosen))
        .order_by(RegionMunicipality.application_id, RegionMunicipality.position)
    )
    neighbourhoods = (
        select(RegionNeighbourhood.application_id, RegionNeighbourhood.code)
        .where(RegionNeighbourhood.application_id.in_(chosen))
        .order_by(RegionNeighbourhood.application_id, RegionNeighbourhood.position)
    )
    panels = select(
        PanelAdvice.application_id, PanelAdvice.scores, PanelAdvice.priority, PanelAdvice.reason
    ).where(PanelAdvice.application_id.in_(chosen))
    outcomes = select(Decision.application_id, Decision.basis).where(
        Decision.application_id.in_(chosen), Decision.imported
    )
    return {
        "participations": _by_application(participations),
        "municipalities": _by_application(municipalities),
        "neighbourhoods": _by_application(neighbourhoods),
        "reviews": _reviews(chosen),
        "panel": _by_application(panels),
        "outcome": _by_application(outcomes),
    }


def _reviews(chosen: Select[int]) -> defaultdict[int, list[dict[str, Any]]]:
    stands = Review.handed_in_at.is_not(None) | Review.conflict.is_not(None)
    counted = stands & Review.released_at.is_(None)
    scores: defaultdict[int, dict[str, dict[str, Any]]] = defaultdict(
        lambda: {"scores": {}, "motivation": {}}
    )
    rows = db.session.execute(
        select(ReviewScore.review_id, ReviewScore.criterion, ReviewScore.score, ReviewScore.motivation)
        .join(Review, Review.id == ReviewScore.review_id)
        .where(Review.application_id.in_(chosen), counted)
        .order_by(ReviewScore.review_id, ReviewScore.position)
    )
    for review_id, criterion, score, motivation in rows:
        if score is not None:
            scores[review_id]["scores"][criterion] = score
        if motivation is not None:
            scores[review_id]["motivation"][criterion] = motivation
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for review_id, application_id, reviewer, conflict in db.session.execute(
        select(Review.id, Review.application_id, Review.reviewer, Review.conflict)
        .where(Review.application_id.in_(chosen), counted)
        .order_by(Review.application_id, Review.position, Review.id)
    ):
        found[application_id].append({"reviewer": reviewer, "conflict": conflict, **scores[review_id]})
    return found


def _by_application(query: Select[*tuple[Any, ...]]) -> defaultdict[int, list[Any]]:
    """Group rows by their first column; the others follow as a tuple."""
    grouped: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        grouped[row[0]].append(tuple(row[1:]))
    return grouped
