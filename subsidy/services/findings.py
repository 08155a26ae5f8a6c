"""What the rules find about applications, stored as long as no verdict was given.

A finding is kept with the file, so that the officer, the letter and an objection speak of the same one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue
from sqlalchemy import and_, delete, insert, select

from subsidy.db import db
from subsidy.models import Application, FindingRow, Round
from subsidy.services import calculations, reference, snapshots
from subsidy.services.advance import Effect
from subsidy.services.basis import FindingBasis
from subsidy.services.calculations import Material
from workflows import eligibility
from workflows.eligibility import FindingOutcome, Screening
from workflows.states import ApplicationState

# Before the verdict: what an application holds, and so what is found about it, can still change.
UNJUDGED = (ApplicationState.SUBMITTED, ApplicationState.SUPPLEMENT_REQUESTED)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding to show; `basis` is what the check rests on."""

    check: str
    outcome: str
    params: Mapping[str, JsonValue]
    basis: str


def screening_effect(application: Application) -> Effect:
    """The work of running the rules over what was sent in now; once per version of the application."""
    key = f"screen:{application.id}:{application.version}"
    return Effect("screen", key, {"application_id": application.id})


def screen_round(round_: Round) -> int:
    """Run the checks on all that was sent in and store what was found about what has no verdict yet.

    Returns the number of applications whose findings were stored.
    """
    return _store(round_, calculations.screen_round(round_))


def screen_application(application: Application) -> None:
    """Run the checks on one application and store what was found.

    Where the rules compare applications (one per lead or per region) the whole round runs again: what
    came in now can change what is found about others.
    """
    round_ = application.round
    rules = snapshots.definition_of(round_).rules
    if rules.one_per_lead or rules.one_per_region:
        screen_round(round_)
    else:
        _store(round_, [_screen_alone(application)])


def findings_of(application: Application) -> tuple[Found, ...]:
    """Return what was found, in the order of the checks; found now where nothing was stored yet."""
    rows = db.session.scalars(
        select(FindingRow).where(FindingRow.application_id == application.id).order_by(FindingRow.position)
    ).all()
    if rows:
        return tuple(Found(row.check_id, row.outcome, row.params, row.basis) for row in rows)
    rules = snapshots.definition_of(application.round).rules
    if rules.one_per_lead or rules.one_per_region:
        everyone = calculations.screen_round(application.round)
        screening = next(one for one in everyone if one.reference == application.reference)
    else:
        screening = _screen_alone(application)
    return tuple(Found(one.check, one.outcome, one.params, one.basis) for one in screening.findings)


def failed_in(round_: Round) -> dict[str, tuple[FindingBasis, ...]]:
    """Return the checks that failed as they are stored, by reference; one query for a whole round.

    Who has none that failed has an empty tuple; of whom nothing was stored is left out.
    """
    mine = FindingRow.application_id == Application.id
    rows = db.session.execute(
        select(Application.reference, FindingRow.check_id, FindingRow.params, FindingRow.basis)
        .outerjoin(FindingRow, and_(mine, FindingRow.outcome == FindingOutcome.FAILED.value))
        .where(
            Application.round_id == round_.id,
            Application.reference.is_not(None),
            select(FindingRow.application_id).where(mine).correlate(Application).exists(),
        )
        .order_by(Application.id, FindingRow.position)
    )
    failed: defaultdict[str, list[FindingBasis]] = defaultdict(list)
    for name, check, params, basis in rows:
        found = failed[name or ""]
        if check is not None:
            found.append(FindingBasis(check=check, params=params, basis=basis))
    return {name: tuple(found) for name, found in failed.items()}


def judged(material: Material, failed: Mapping[str, tuple[FindingBasis, ...]]) -> Material:
    """Give the material with what failed on those that have a verdict: the office judged on that."""
    return replace(material, found={name: failed[name] for name in failed if name in material.verdicts})


def _screen_alone(application: Application) -> Screening:
    snapshot = snapshots.application_snapshot(application)
    return eligibility.screen_one(
        snapshots.round_snapshot(application.round),
        snapshot,
        (),
        reference.reference_of(application.round.reference_version),
        snapshots.prior_awards([snapshot.predecessor]),
    )


def _store(round_: Round, screenings: Sequence[Screening]) -> int:
    """Put the findings in the place of earlier ones; the lock keeps two runs apart."""
    named = {screening.reference: screening for screening in screenings}
    unjudged = select(Application.id, Application.reference).where(
        Application.round_id == round_.id, Application.state.in_(UNJUDGED)
    )
    if len(named) == 1:
        unjudged = unjudged.where(Application.reference.in_(named))
    chosen = [
        (application_id, named[name])
        for application_id, name in db.session.execute(
            unjudged.order_by(Application.id).with_for_update(key_share=True)
        )
        if name in named
    ]
    for application_id, _screening in chosen:
        db.session.execute(delete(FindingRow).where(FindingRow.application_id == application_id))
    rows = [
        {
            "application_id": application_id,
            "position": position,
            "check_id": finding.check.value,
            "outcome": finding.outcome.value,
            "params": dict(finding.params),
            "basis": finding.basis,
        }
        for application_id, screening in chosen
        for position, finding in enumerate(screening.findings)
    ]
    if rows:
        db.session.execute(insert(FindingRow), rows)
    return len(chosen)
