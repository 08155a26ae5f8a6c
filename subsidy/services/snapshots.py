"""From stored rows to the values that the pure core judges, in a number of queries that never grows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select

from subsidy.db import db
from subsidy.models import (
    Application,
    Decision,
    PanelAdvice,
    Participation,
    RegionMunicipality,
    RegionNeighbourhood,
    Review,
    ReviewScore,
    Round,
)
from workflows.definition import RoundDefinition
from workflows.eligibility import PriorAward
from workflows.snapshot import ApplicationSnapshot, Domain, RoundSnapshot
from workflows.states import ApplicationState

# A draft has no reference yet, and the core names every application by one.
DRAFT_REFERENCE = "concept-{}"
NOBODY = {"name": "", "domain": Domain.OVERIG}
LONGEST_IN = 10_000
_KEPT: dict[str, RoundDefinition] = {}
MOST_KEPT = 64


def definition_of(round_: Round) -> RoundDefinition:
    """Give the law that a round carries, as a typed value.

    A page asks it for every row of a list, so the values are kept by their digest.
    """
    digest = round_.definition_digest
    kept = _KEPT.get(digest)
    if kept is None:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        kept = _KEPT[digest] = RoundDefinition.model_validate(round_.definition)
    return kept


def round_snapshot(round_: Round) -> RoundSnapshot:
    """Give a round as the core sees it."""
    return RoundSnapshot(
        slug=round_.slug,
        kind=round_.kind,
        number=round_.number,
        title=round_.title,
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        ceiling_cents=round_.ceiling_cents,
        rules=definition_of(round_).rules,
    )


def application_snapshots(round_: Round) -> tuple[ApplicationSnapshot, ...]:
    """Give every application that was sent in, in the order in which they came into the database.

    Seven queries, whatever the number. A review is there when it was handed in or tells of an interest.
    The outcome is that of an imported decision.
    """
    return applications_of([round_])[round_.id]


def applications_of(rounds: Iterable[Round]) -> dict[int, tuple[ApplicationSnapshot, ...]]:
    """Give the same for several rounds, by their ids; as many queries as for one."""
    found: dict[int, list[ApplicationSnapshot]] = {one.id: [] for one in rounds}
    sent_in = Application.state != ApplicationState.DRAFT
    for round_id, snapshot in _snapshots(Application.round_id.in_(found) & sent_in):
        found[round_id].append(snapshot)
    return {round_id: tuple(snapshots) for round_id, snapshots in found.items()}


def application_snapshot(application: Application, *, now: datetime | None = None) -> ApplicationSnapshot:
    """Give one application; a draft counts as sent in at `now` (aware, needed for a draft alone)."""
    ((_, snapshot),) = _snapshots(Application.id == application.id, now=now)
    return snapshot


def prior_awards(references: Iterable[str | None]) -> Mapping[str, PriorAward]:
    """Tell what became of these applications, in whatever round; unknown references are left out.

    A decision counts from its announcement (Awb 3:41): before it, nobody reads here how it will be.
    """
    wanted = sorted({reference for reference in references if reference})
    found: dict[str, PriorAward] = {}
    announced = and_(
        Decision.application_id == Application.id,
        Decision.announced_at.is_not(None),
        Decision.returned_at.is_(None),
    )
    for start in range(0, len(wanted), LONGEST_IN):
        rows = db.session.execute(
            select(
                Application.reference,
                Round.kind,
                Application.state,
                Decision.id,
                Decision.decided_on,
                Decision.ends_on,
            )
            .join(Round, Round.id == Application.round_id)
            .outerjoin(Decision, announced)
            .where(Application.reference.in_(wanted[start : start + LONGEST_IN]))
        )
        for reference, kind, state, decision_id, decided_on, ends_on in rows:
            if reference is None:
                continue
            awarded = state == ApplicationState.AWARDED and decision_id is not None
            found[reference] = PriorAward(kind, awarded, decided_on, ends_on)
    return found


def _snapshots(
    where: ColumnElement[bool], *, now: datetime | None = None
) -> list[tuple[int, ApplicationSnapshot]]:
    """Read the applications that are meant, each behind the id of its round."""
    applications = db.session.execute(select(*APPLICATION).where(where).order_by(Application.id)).all()
    if not applications:
        return []
    parts = _parts(select(Application.id).where(where))
    return [
        (
            row.round_id,
            _snapshot(row, {name: by_application[row.id] for name, by_application in parts.items()}, now),
        )
        for row in applications
    ]


APPLICATION = (
    Application.id,
    Application.round_id,
    Application.reference,
    Application.submitted_at,
    Application.completed_at,
    Application.deadline_at,
    Application.title,
    Application.summary,
    Application.region_name,
    Application.region_inhabitants,
    Application.requested_cents,
    Application.cofinancing_cents,
    Application.months,
    Application.themes,
    Application.predecessor,
    Application.regiobeeld,
    Application.answers,
)


def _snapshot(row: Row[Any], parts: Mapping[str, list[Any]], now: datetime | None) -> ApplicationSnapshot:
    panel = next(iter(parts["panel"]), None)
    outcome = next((basis["outcome"] for (basis,) in parts["outcome"]), None)
    parties = [
        (lead, {"name": name, "domain": domain, "kvk": kvk})
        for lead, name, domain, kvk in parts["participations"]
    ]
    return ApplicationSnapshot.model_validate(
        {
            "reference": row.reference or DRAFT_REFERENCE.format(row.id),
            "submitted_at": row.submitted_at or now,
            "completed_at": row.completed_at,
            "deadline_at": row.deadline_at,
            "title": row.title,
            "summary": row.summary or None,
            "lead": next((party for lead, party in parties if lead), NOBODY),
            "partners": [party for lead, party in parties if not lead],
            "region": {
                "name": row.region_name,
                "municipalities": [code for (code,) in parts["municipalities"]],
                "neighbourhoods": [code for (code,) in parts["neighbourhoods"]],
                "inhabitants": row.region_inhabitants,
            },
            "requested_cents": row.requested_cents,
            "cofinancing_cents": row.cofinancing_cents,
            "months": row.months or 0,
            "themes": row.themes,
            "predecessor": row.predecessor or None,
            "regiobeeld": row.regiobeeld or None,
            "answers": row.answers,
            "reviews": parts["reviews"],
            "panel": panel and dict(zip(("scores", "priority", "reason"), panel, strict=True)),
            "outcome": outcome,
        }
    )


def _parts(chosen: Select[int]) -> dict[str, defaultdict[int, list[Any]]]:
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
    counted = Review.handed_in_at.is_not(None) | Review.conflict.is_not(None)
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
