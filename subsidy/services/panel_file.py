"""An application as the committee discusses it: reports side by side, their spread, what was agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from subsidy.models import Application
from subsidy.services import advice, rebuttals, snapshots
from subsidy.services.review_reports import Report, reports_of
from workflows import scoring
from workflows.rules import Criterion
from workflows.scoring import rounded


@dataclass(frozen=True, slots=True)
class Given:
    """What one reviewer gave on a criterion; `place` lies on the scale from worst (0) to best (100)."""

    report: int
    score: Decimal
    place: Decimal
    motivation: str


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion: what each reviewer gave, how far apart that is, the mean, and what was agreed.

    `spread` is the highest less the lowest score, on the scale of the criterion; `places` say where the
    lowest and the highest score, the mean and the agreed score lie from worst (0) to best (100).
    """

    criterion: Criterion
    given: Sequence[Given]
    spread: Decimal | None
    mean: Decimal | None
    agreed: Decimal | None
    agreed_reason: str
    places: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class PanelFile:
    """The whole; `reports` are those that count, `waiting` is how many are still being written.

    `total` is on 0..100, with what was agreed; None without a value. `mark` is that of the advice.
    """

    reports: Sequence[Report]
    waiting: int
    rows: Sequence[Row]
    total: Decimal | None
    rebuttal: rebuttals.Answer | None
    mark: str


def file_of(application: Application, *, now: datetime) -> PanelFile:
    """Put an application together for the committee; the number of queries never grows with its reviews."""
    rules = snapshots.definition_of(application.round).rules
    snapshot = snapshots.application_snapshot(application)
    known = reports_of(application)
    reports = [one for one in known if one.counts]
    stored = advice.find_advice(application)
    agreed = {name: Decimal(score) for name, score in stored.scores.items()} if stored else {}
    reasons = stored.score_reasons if stored else {}
    means, apart = scoring.means(rules, snapshot), scoring.spread(rules, snapshot)
    rows = []
    for criterion in rules.criteria:
        mean, spread = means[criterion.id], apart[criterion.id]
        rows.append(
            _row(
                criterion,
                reports,
                spread=None if spread is None else rounded(spread),
                mean=None if mean is None else rounded(mean),
                agreed=agreed.get(criterion.id),
                reason=reasons.get(criterion.id, ""),
            )
        )
    (ranked,) = scoring.rank(
        snapshots.round_snapshot(application.round), [snapshot], {snapshot.reference: True}
    )
    return PanelFile(
        reports=reports,
        waiting=sum(one.standing == "open" for one in known),
        rows=rows,
        total=None if ranked.total is None else rounded(ranked.total),
        rebuttal=rebuttals.for_panel([application.id], now=now).get(application.id),
        mark=advice.mark_of(stored),
    )


def _row(
    criterion: Criterion,
    reports: Sequence[Report],
    *,
    spread: Decimal | None,
    mean: Decimal | None,
    agreed: Decimal | None,
    reason: str,
) -> Row:
    given = [
        Given(number, score, _place(criterion, score), report.motivations.get(criterion.id, ""))
        for number, report in enumerate(reports, start=1)
        if (score := report.scores.get(criterion.id)) is not None
    ]
    places = {}
    if given:
        places = {"low": min(one.place for one in given), "high": max(one.place for one in given)}
    if mean is not None:
        places["mean"] = _place(criterion, mean)
    if agreed is not None:
        places["agreed"] = _place(criterion, agreed)
    return Row(criterion, given, spread, mean, agreed, reason, places)


def _place(criterion: Criterion, score: Decimal) -> Decimal:
    """Place a score between worst (0) and best (100), for a picture."""
    part = (score - criterion.worst) / (criterion.best - criterion.worst)
    return (100 * max(Decimal(0), min(Decimal(1), part))).quantize(Decimal("0.1"))
