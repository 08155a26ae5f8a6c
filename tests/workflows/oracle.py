"""The specification of ranking and division, written a second time: slow, naive, sentence by sentence."""

import hashlib
from fractions import Fraction
from functools import cmp_to_key
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

from tests.workflows.rounds import TOY
from workflows.rules import Criterion
from workflows.snapshot import ApplicationSnapshot, Region, RoundSnapshot

Scores = dict[str, Fraction | None]


def clash(a: Region, b: Region) -> bool:
    shared = {TOY.resolve(code) for code in a.municipalities} & {
        TOY.resolve(code) for code in b.municipalities
    }
    if not (a.neighbourhoods and b.neighbourhoods):
        return bool(shared)
    return any(
        one == other or ({one[:2], other[:2]} == {"WK", "BU"} and one[2:8] == other[2:8])
        for one in a.neighbourhoods
        for other in b.neighbourhoods
    )


def counted(round_: RoundSnapshot, application: ApplicationSnapshot) -> list[dict[str, Fraction]]:
    ids = [criterion.id for criterion in round_.rules.criteria]
    return [
        {name: Fraction(str(score)) for name, score in one.scores.items()}
        for one in application.reviews
        if not one.conflict
        and set(ids) <= set(one.scores)
        and all(one.motivation.get(name, "").strip() for name in ids)
    ]


def values(round_: RoundSnapshot, application: ApplicationSnapshot) -> Scores:
    reviews = counted(round_, application)
    found: Scores = {}
    for criterion in round_.rules.criteria:
        given = [one[criterion.id] for one in reviews]
        middle = mean if round_.rules.aggregate == "mean" else median
        found[criterion.id] = Fraction(middle(given)) if given else None
        if application.panel and criterion.id in application.panel.scores:
            found[criterion.id] = Fraction(str(application.panel.scores[criterion.id]))
    return found


def total(round_: RoundSnapshot, application: ApplicationSnapshot) -> Fraction | None:
    found = values(round_, application)
    if not found or None in found.values():
        return None
    top = sum(
        Fraction(str(one.weight))
        * (Fraction(found[one.id] or 0) - Fraction(str(one.worst)))
        / (Fraction(str(one.best)) - Fraction(str(one.worst)))
        for one in round_.rules.criteria
    )
    return 100 * top / sum(Fraction(str(one.weight)) for one in round_.rules.criteria)


def ground(round_: RoundSnapshot, application: ApplicationSnapshot, *, eligible: bool) -> str | None:
    rules = round_.rules
    if not eligible:
        return "not_eligible"
    if not rules.criteria:
        return None
    needed = rules.min_reviews
    for tier in sorted(rules.reviews_by_amount, key=lambda tier: tier.from_cents):
        if tier.from_cents <= application.requested_cents:
            needed = tier.reviews
    points = total(round_, application)
    if len(counted(round_, application)) < needed or points is None:
        return "too_few_reviews"
    found = values(round_, application)
    for one in rules.criteria:
        if one.threshold is not None:
            value, limit = Fraction(found[one.id] or 0), Fraction(str(one.threshold))
            if value < limit if one.best > one.worst else value > limit:
                return f"criterion:{one.id}"
    if rules.threshold_total is not None and points < Fraction(str(rules.threshold_total)):
        return "below_threshold"
    return None


def order(
    round_: RoundSnapshot, applications: list[ApplicationSnapshot], eligible: dict[str, bool]
) -> list[str]:
    """Give the references of the fundable, in order, by comparing them two by two."""
    fundable = [one for one in applications if ground(round_, one, eligible=eligible[one.reference]) is None]
    return [one.reference for one in sorted(fundable, key=cmp_to_key(lambda a, b: _compare(round_, a, b)))]


def _compare(round_: RoundSnapshot, a: ApplicationSnapshot, b: ApplicationSnapshot) -> int:
    rules = round_.rules
    steps: list[int] = []
    if rules.distribution == "first_come":
        if rules.first_come_unit == "day":
            steps.append(_sign(_day(a), _day(b)))
        else:
            steps.append(_sign(a.received_at, b.received_at))
    else:
        first = a.panel.priority if a.panel else None
        second = b.panel.priority if b.panel else None
        if first is not None and second is not None:
            steps.append(_sign(first, second))
        elif first is not None or second is not None:
            steps.append(-1 if first is not None else 1)
        steps.append(-_sign(total(round_, a) or 0, total(round_, b) or 0))
    for name in rules.tie_break:
        if name == "requested_asc":
            steps.append(_sign(a.requested_cents, b.requested_cents))
        elif name == "submitted_at":
            steps.append(_sign(a.received_at, b.received_at))
        elif name == "lot":
            steps.append(_sign(_lot(round_, a), _lot(round_, b)))
        else:
            (found,) = [one for one in rules.criteria if one.id == name]
            steps.append(_better_first(found, values(round_, a), values(round_, b)))
    steps.append(_sign(a.reference, b.reference))
    return next((step for step in steps if step), 0)


def _better_first(criterion: Criterion, a: Scores, b: Scores) -> int:
    sign = _sign(a[criterion.id], b[criterion.id])
    return -sign if criterion.best > criterion.worst else sign


def _sign(a: Any, b: Any) -> int:
    return (a > b) - (a < b)


def _day(application: ApplicationSnapshot) -> str:
    return application.received_at.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%d")


def _lot(round_: RoundSnapshot, application: ApplicationSnapshot) -> str:
    return hashlib.sha256(f"{round_.rules.lot_seed}:{application.reference}".encode()).hexdigest()


def division(
    round_: RoundSnapshot, applications: list[ApplicationSnapshot], eligible: dict[str, bool]
) -> dict[str, tuple[str, int, str | None]]:
    """Give (outcome, amount, ground) per reference."""
    by_reference = {one.reference: one for one in applications}
    given: dict[str, tuple[str, int, str | None]] = {
        one.reference: ("reject", 0, ground(round_, one, eligible=eligible[one.reference]))
        for one in applications
    }
    queue = [by_reference[name] for name in order(round_, applications, eligible)]
    if round_.rules.distribution == "proportional":
        return given | _proportional(round_, queue)
    return given | _by_turn(round_, queue)


def _stopped(
    round_: RoundSnapshot, one: ApplicationSnapshot, awarded: list[ApplicationSnapshot]
) -> tuple[str, int, str | None] | None:
    if round_.rules.one_award_per_region and any(clash(one.region, other.region) for other in awarded):
        return ("reject", 0, "region_taken")
    if round_.rules.max_awards is not None and len(awarded) >= round_.rules.max_awards:
        return ("reserve", 0, "max_awards")
    return None


def _by_turn(
    round_: RoundSnapshot, queue: list[ApplicationSnapshot]
) -> dict[str, tuple[str, int, str | None]]:
    given: dict[str, tuple[str, int, str | None]] = {}
    awarded: list[ApplicationSnapshot] = []
    met = False
    for one in queue:
        left = round_.ceiling_cents - sum(amount for _, amount, _ in given.values())
        stopped = _stopped(round_, one, awarded)
        if stopped:
            given[one.reference] = stopped
        elif met:
            given[one.reference] = ("reserve", 0, "ceiling")
        elif one.requested_cents <= left:
            given[one.reference] = ("award", one.requested_cents, None)
            awarded.append(one)
        else:
            met = True
            if round_.rules.partial_award and left >= round_.rules.min_partial_cents:
                given[one.reference] = ("partial", left, "ceiling")
                awarded.append(one)
            else:
                given[one.reference] = ("reserve", 0, "ceiling")
    return given


def _proportional(
    round_: RoundSnapshot, queue: list[ApplicationSnapshot]
) -> dict[str, tuple[str, int, str | None]]:
    given: dict[str, tuple[str, int, str | None]] = {}
    sharing: list[ApplicationSnapshot] = []
    for one in queue:
        stopped = _stopped(round_, one, sharing)
        if stopped:
            given[one.reference] = stopped
        else:
            sharing.append(one)
    asked = sum(one.requested_cents for one in sharing)
    if asked <= round_.ceiling_cents:
        return given | {one.reference: ("award", one.requested_cents, None) for one in sharing}
    exact = {one.reference: Fraction(one.requested_cents * round_.ceiling_cents, asked) for one in sharing}
    amounts = {name: share.numerator // share.denominator for name, share in exact.items()}
    remainders = {name: share - amounts[name] for name, share in exact.items()}
    for _ in range(round_.ceiling_cents - sum(amounts.values())):
        # max gives the first of equals, and the dict is in the order of the ranking.
        winner = max(remainders, key=lambda name: remainders[name])
        amounts[winner] += 1
        del remainders[winner]
    for one in sharing:
        amount = amounts[one.reference]
        short = amount < one.requested_cents
        given[one.reference] = ("partial" if short else "award", amount, "ceiling" if short else None)
    return given
