"""Figures over rounds: what came in, what was decided, what it cost. Counts are of decisions taken.

Every figure is a table counted from the same cases (see `figures/`), so that a page, a picture, a CSV file
and the JSON of the command never say different things.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select

from subsidy.db import db
from subsidy.models import Application, Round
from subsidy.services import reference
from subsidy.services.figures import assessment, coverage, funnel, money, partnership, process
from subsidy.services.figures.cases import Case, cases_of
from subsidy.services.figures.counting import Counted, count
from subsidy.services.figures.table import Table
from subsidy.services.reach import OFFICE, hidden_query, rounds_for
from workflows.permissions import Actor, Role
from workflows.states import RoundState

WHO = (*OFFICE, Role.EVALUATOR)

OF_EVALUATION = (
    "applications",
    "eligible",
    "awarded",
    "rejected",
    "not_processed",
    "withdrawn",
    "requested_cents",
    "awarded_cents",
    "success_rate",
)


class UnknownRoundError(LookupError):
    """There is no round with this slug."""


def rounds_within(actor: Actor) -> list[Round]:
    """Return the rounds whose figures this person may see, earliest opening first; drafts are left out.

    Without those in which they take part, and until its decisions are announced without a round in which
    they have an interest: gaps in a total reveal (Awb 2:4).
    """
    announced = Round.state.in_([RoundState.DECIDED.value, RoundState.EVALUATED.value])
    interest = exists().where(
        Application.id.in_(hidden_query(actor.user_id)),
        Application.round_id == Round.id,
    )
    query = rounds_for(actor, *WHO).where(Round.state != RoundState.DRAFT.value, announced | ~interest)
    return list(db.session.scalars(query.order_by(Round.opens_at, Round.id)))


def find_rounds(slugs: Sequence[str] = ()) -> list[Round]:
    """Return the rounds named, or all, by slug. Raises UnknownRoundError."""
    query = select(Round)
    rounds = list(db.session.scalars(query.where(Round.slug.in_(slugs)) if slugs else query))
    unknown = set(slugs) - {round_.slug for round_ in rounds}
    if unknown:
        raise UnknownRoundError(min(unknown))
    return sorted(rounds, key=lambda round_: round_.slug)


def evaluation(slugs: Sequence[str] = ()) -> dict[str, Any]:
    """Give the figures of the rounds named, or of all: in total, per kind, per round, and the pathway.

    Raises UnknownRoundError.
    """
    rounds = find_rounds(slugs)
    return evaluation_of(rounds, cases_of(rounds))


def evaluation_of(rounds: Sequence[Round], cases: Sequence[Case]) -> dict[str, Any]:
    """Give the same of cases that were read already."""
    kinds = sorted({one.kind for one in rounds})
    pathway: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for kind, before, number in process.pathway(cases).rows:
        pathway[str(kind)][str(before)] = int(number or 0)
    return {
        "total": _as_json(count(cases)),
        "kinds": {kind: _as_json(count(one for one in cases if one.kind == kind)) for kind in kinds},
        "rounds": {
            one.slug: _as_json(count(case for case in cases if case.round_id == one.id)) for one in rounds
        },
        "pathway": dict(pathway),
    }


def tables_of_round(round_: Round, cases: Sequence[Case]) -> dict[str, Table]:
    """Give every table of one round, by name."""
    return _by_name(
        funnel.funnel(cases),
        funnel.outcomes(cases),
        funnel.grounds(cases),
        funnel.checks(cases),
        money.money([round_], cases),
        money.awards_by_size(cases),
        *_partnership(cases),
        *_coverage([round_], cases),
        assessment.totals(cases),
        assessment.criteria(cases),
        assessment.interests(cases),
        process.received(cases),
        process.lead_times(cases),
        process.pathway(cases),
    )


def tables_of_rounds(rounds: Sequence[Round], cases: Sequence[Case]) -> dict[str, Table]:
    """Give every table of several rounds together, by name.

    Money is counted over the rounds in which decisions were taken: elsewhere nothing can be used or left.
    """
    decided = with_decisions(rounds, cases)
    ids = {one.id for one in decided}
    return _by_name(
        money.per_round(rounds, cases),
        partnership.kinds(cases),
        funnel.funnel(cases),
        funnel.outcomes(cases),
        funnel.grounds(cases),
        money.money(decided, [one for one in cases if one.round_id in ids]),
        money.awards_by_size(cases),
        *_partnership(cases),
        *_coverage(rounds, cases),
        assessment.totals(cases),
        assessment.interests(cases),
        process.lead_times(cases),
        process.pathway(cases),
        process.returning(cases),
    )


def with_decisions(rounds: Sequence[Round], cases: Sequence[Case]) -> list[Round]:
    """Return the rounds in which at least one application was awarded or rejected."""
    ids = {one.round_id for one in cases if one.awarded or one.rejected}
    return [one for one in rounds if one.id in ids]


def _partnership(cases: Sequence[Case]) -> tuple[Table, ...]:
    return (
        partnership.domains(cases),
        partnership.domain_numbers(cases),
        partnership.domain_mixes(cases),
        partnership.leads(cases),
        partnership.bridges(cases),
        partnership.scales(cases),
        partnership.themes(cases),
    )


def _coverage(rounds: Sequence[Round], cases: Sequence[Case]) -> tuple[Table, ...]:
    """Count on the municipalities of the round that opened last."""
    newest = max(rounds, key=lambda one: one.opens_at, default=None)
    if newest is None:
        return ()
    reached = coverage.reach_of(cases, reference.reference_of(newest.reference_version))
    return (
        *(coverage.regions(level, cases, reached) for level in coverage.Level),
        coverage.blank_spots(reached),
        coverage.municipalities(reached),
    )


def _by_name(*tables: Table) -> dict[str, Table]:
    return {one.name: one for one in tables}


def _as_json(counted: Counted) -> dict[str, Any]:
    return {name: getattr(counted, name) for name in OF_EVALUATION}
