"""Bring a round in from a file: all of it or nothing, in pieces that keep memory small."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from subsidy.db import Base, db
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
from subsidy.services import organisations, reference
from subsidy.services.advance import advance, bring_in
from subsidy.services.round_file import RoundFile, read_round_file
from workflows.permissions import Actor
from workflows.regions import Reference
from workflows.snapshot import ApplicationSnapshot
from workflows.snapshot import Decision as DecisionTaken
from workflows.snapshot import Review as ReviewGiven
from workflows.states import ApplicationState, Phase

CHUNK = 200
PHASE_REASON = "Ingelezen uit een rondebestand: deze ronde volgt de klok niet."

Row = dict[str, Any]


def check_round_file(content: bytes) -> RoundFile:
    """Read and check a file as this installation would bring it in; raises FaultyFileError."""
    return read_round_file(content, reference.reference_of(reference.active_version()))


def import_round(content: bytes, *, actor: Actor, now: datetime) -> Round:
    """Check a file and store its round in the caller's transaction; raises FaultyFileError.

    Without outcomes the round is published with its phase set to review by hand, for an imported round
    does not follow the clock, and its applications are in review. With outcomes it is history: decided.
    """
    file = check_round_file(content)
    try:
        with db.session.begin_nested():
            return _store_round(file, actor=actor, now=now)
    except IntegrityError:
        # Another import, or somebody who sent in, took a name since the check: now the check tells which.
        check_round_file(content)
        raise


def _store_round(file: RoundFile, *, actor: Actor, now: datetime) -> Round:
    history = any(application.outcome for application in file.applications)
    round_ = _round(file, history=history, now=now)
    db.session.add(round_)
    advance(round_, "import_decided" if history else "import_published", actor=actor, now=now)
    known = reference.reference_of(round_.reference_version)
    for start in range(0, len(file.applications), CHUNK):
        chunk = file.applications[start : start + CHUNK]
        ids = _store(round_, chunk, known, now)
        states = (one.outcome.decision if one.outcome else ApplicationState.IN_REVIEW for one in chunk)
        steps = {id_: f"import_{state}" for id_, state in zip(ids, states, strict=True)}
        bring_in(round_, steps, actor=actor, now=now)
    organisations.settle_round(round_, now=now)
    return round_


def _round(file: RoundFile, *, history: bool, now: datetime) -> Round:
    given = file.round
    return Round(
        slug=given.slug,
        kind=given.kind,
        number=given.number,
        title=given.title,
        opens_at=given.opens_at,
        closes_at=given.closes_at,
        ceiling_cents=given.ceiling_cents,
        definition=file.definition.model_dump(mode="json"),
        own_definition=file.own_definition,
        reference_version=reference.active_version(),
        phase_by_hand=None if history else Phase.REVIEW.value,
        phase_reason="" if history else PHASE_REASON,
        imported=True,
        created_at=now,
    )


def _store(
    round_: Round, chunk: Sequence[ApplicationSnapshot], known: Reference, now: datetime
) -> Sequence[int]:
    """Insert some applications with all that belongs to them; give their ids, in the same order."""
    rows = [_application_row(round_.id, application, now) for application in chunk]
    query = insert(Application).returning(Application.id, sort_by_parameter_order=True)
    ids = db.session.scalars(query, rows).all()
    files = list(zip(ids, chunk, strict=True))

    def below(table: type[Base], rows_of: Callable[[ApplicationSnapshot], Iterable[Row]]) -> None:
        rows = [{"application_id": id_, **row} for id_, application in files for row in rows_of(application)]
        if rows:
            db.session.execute(insert(table), rows)

    below(Participation, _participations)
    below(RegionMunicipality, lambda application: _municipalities(application, known))
    below(RegionNeighbourhood, _neighbourhoods)
    below(PanelAdvice, lambda application: _panel(application, now))
    below(Decision, lambda application: _decision(application, round_.id))
    _store_reviews(files, now)
    return ids


def _application_row(round_id: int, application: ApplicationSnapshot, now: datetime) -> Row:
    return {
        "round_id": round_id,
        "reference": application.reference,
        "channel": "import",
        "title": application.title,
        "summary": application.summary or "",
        "region_name": application.region.name,
        "region_inhabitants": application.region.inhabitants,
        "requested_cents": application.requested_cents,
        "cofinancing_cents": application.cofinancing_cents,
        "months": application.months,
        "themes": list(application.themes),
        "predecessor": application.predecessor,
        "regiobeeld": application.regiobeeld,
        "answers": _as_json(application.answers),
        "created_at": now,
        "updated_at": now,
        "submitted_at": application.submitted_at,
        "completed_at": application.completed_at,
        "deadline_at": application.deadline_at,
    }


def _participations(application: ApplicationSnapshot) -> Iterable[Row]:
    for position, one in enumerate((application.lead, *application.partners)):
        yield {
            "position": position,
            "lead": position == 0,
            "name": one.name,
            "domain": one.domain.value,
            "kvk": one.kvk,
        }


def _municipalities(application: ApplicationSnapshot, known: Reference) -> Iterable[Row]:
    for position, code in enumerate(application.region.municipalities):
        yield {"position": position, "given_code": code, "code": known.resolve(code)}


def _neighbourhoods(application: ApplicationSnapshot) -> Iterable[Row]:
    for position, code in enumerate(application.region.neighbourhoods):
        yield {"position": position, "code": code}


def _panel(application: ApplicationSnapshot, now: datetime) -> Iterable[Row]:
    if application.panel is not None:
        yield {
            "scores": {name: format(score, "f") for name, score in application.panel.scores.items()},
            "priority": application.panel.priority,
            "reason": application.panel.reason,
            "recorded_at": now,
        }


def _decision(application: ApplicationSnapshot, round_id: int) -> Iterable[Row]:
    """History as the file tells it; `basis` keeps the outcome word for word, so that it can leave again."""
    outcome = application.outcome
    if outcome is not None:
        decided_at = _instant_on(outcome.decided_on)
        awarded = outcome.decision is DecisionTaken.AWARDED
        yield {
            "round_id": round_id,
            "outcome": outcome.decision.value,
            "amount_cents": outcome.amount_cents or 0 if awarded else 0,
            "ground": outcome.ground,
            "imported": True,
            "decided_on": outcome.decided_on,
            "ends_on": outcome.ends_on,
            "proposed_at": decided_at,
            "confirmed_at": decided_at,
            "announced_at": decided_at,
            "basis": {"outcome": outcome.model_dump(mode="json", exclude_none=True)},
        }


def _store_reviews(files: Iterable[tuple[int, ApplicationSnapshot]], now: datetime) -> None:
    """Insert reviews with their scores: handed in, unless an interest was declared."""
    given = [
        (id_, position, review)
        for id_, application in files
        for position, review in enumerate(application.reviews)
    ]
    if not given:
        return
    rows = [
        {
            "application_id": id_,
            "reviewer": review.reviewer,
            "position": position,
            "assigned_at": now,
            "declared_at": now if review.conflict else None,
            "conflict": review.conflict,
            "handed_in_at": None if review.conflict else now,
        }
        for id_, position, review in given
    ]
    query = insert(Review).returning(Review.id, sort_by_parameter_order=True)
    ids = db.session.scalars(query, rows).all()
    scores = [
        {"review_id": id_, **row}
        for id_, (_, _, review) in zip(ids, given, strict=True)
        for row in _scores(review)
    ]
    if scores:
        db.session.execute(insert(ReviewScore), scores)


def _scores(review: ReviewGiven) -> Iterable[Row]:
    for position, criterion in enumerate(dict.fromkeys((*review.scores, *review.motivation))):
        yield {
            "criterion": criterion,
            "position": position,
            "score": review.scores.get(criterion),
            "motivation": review.motivation.get(criterion),
        }


def _instant_on(day: date) -> datetime:
    """Give an instant on that day in Amsterdam as well; near year 1 an offset would leave the calendar."""
    return datetime.combine(day, time(), UTC)


def _as_json(value: object) -> object:
    """Give free answers as the store keeps them; the checks saw to it that no digit is lost."""
    if isinstance(value, dict):
        return {name: _as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value
