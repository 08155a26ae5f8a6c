"""A budget: its lines, their sums, and what does not fit yet. Money is in whole euro cents.

Sums are exact and shares are fractions, so that no rounding decides whether a rule is met.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from workflows.definition import RoundDefinition

COST, OWN, COFINANCING = "cost", "own", "cofinancing"
# In the place of the key of a partner: all who take part.
TOGETHER = "together"
MOST_YEARS = 10
MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """A line of the budget in cents; `kind` is cost, own or cofinancing, and a cost has a category.

    `participation_key` says who makes the cost or gives the money (TOGETHER: all), `year` counts from 1,
    `source` is who else pays. None is not told.
    """

    kind: str
    category: str
    description: str
    amount_cents: int
    participation_key: str | None = None
    year: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class BudgetEntry:
    """What is asked, and the lines, in cents."""

    requested_cents: int = 0
    lines: tuple[BudgetItem, ...] = ()

    def sum_of(self, *kinds: str) -> int:
        """The cents of the lines of these kinds together."""
        return sum(line.amount_cents for line in self.lines if line.kind in kinds)

    @property
    def costs(self) -> int:
        """All costs together."""
        return self.sum_of(COST)

    @property
    def contributions(self) -> int:
        """What the collaboration and others pay together."""
        return self.sum_of(OWN, COFINANCING)

    @property
    def uncovered(self) -> int:
        """The costs that nobody pays; below zero when there is more money than costs."""
        return self.costs - self.contributions - self.requested_cents


@dataclass(frozen=True, slots=True)
class SumLine:
    """The cents of one category or one partner: in each year (as in Spread.years), and together."""

    key: str
    per_year: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Costs spread over rows and years; a year of None holds what has no year, and so does an empty key."""

    years: tuple[int | None, ...]
    rows: tuple[SumLine, ...]
    total: SumLine


@dataclass(frozen=True, slots=True)
class BudgetFinding:
    """Something that does not fit: a code, and the cents, counts and percentages for its words."""

    code: str
    params: Mapping[str, int | Fraction] = field(default_factory=dict)


def project_years(months: int | None) -> int:
    """The years that a project of so many months touches; the most there can be when not known."""
    return MOST_YEARS if not months else min(MOST_YEARS, -(-months // MONTHS_IN_A_YEAR))


def by_category(budget: BudgetEntry, definition: RoundDefinition) -> Spread:
    """Give the costs of each category that has any, in the order of the definition."""
    order = [one.value for one in definition.budget.cost_categories]
    return _spread([(line.category, line) for line in budget.lines if line.kind == COST], order)


def by_partner(budget: BudgetEntry, keys: Iterable[str]) -> Spread:
    """Give the costs of each partner that makes any, in this order; who is not among them comes last."""
    lines = [(line.participation_key or "", line) for line in budget.lines if line.kind == COST]
    return _spread(lines, [*keys, TOGETHER])


def budget_findings(
    budget: BudgetEntry, definition: RoundDefinition, *, partners: Collection[str], years: int
) -> list[BudgetFinding]:
    """Tell what does not fit; nothing as long as nothing is entered.

    `partners` are the keys of who takes part, `years` the years that the project touches.
    """
    if not budget.lines and not budget.requested_cents:
        return []
    return [*_sums(budget), *_limits(budget, definition), *_lines(budget, definition, partners, years)]


def _sums(budget: BudgetEntry) -> Iterator[BudgetFinding]:
    if not budget.costs:
        return
    said = {
        "costs": budget.costs,
        "contributions": budget.contributions,
        "asked": budget.requested_cents,
        "difference": abs(budget.uncovered),
    }
    if budget.uncovered > 0:
        yield BudgetFinding("uncovered", said)
    if budget.uncovered < 0:
        yield BudgetFinding("overpaid", said)


def _limits(budget: BudgetEntry, definition: RoundDefinition) -> Iterator[BudgetFinding]:
    asked, rules = budget.requested_cents, definition.rules
    if asked and rules.max_amount_cents is not None and asked > rules.max_amount_cents:
        yield BudgetFinding(
            "above_maximum", {"most": rules.max_amount_cents, "over": asked - rules.max_amount_cents}
        )
    if asked and rules.min_amount_cents is not None and asked < rules.min_amount_cents:
        yield BudgetFinding("below_minimum", {"least": rules.min_amount_cents})
    if definition.budget.min_cofinancing_percent is None or not budget.costs:
        return
    needed = Fraction(definition.budget.min_cofinancing_percent)
    share = Fraction(100 * budget.contributions, budget.costs)
    if share < needed:
        # Rounded up: with this much more the share is there.
        short = -((budget.contributions * 100 - needed * budget.costs) // 100)
        yield BudgetFinding("cofinancing_low", {"needed": needed, "share": share, "short": int(short)})


def _lines(
    budget: BudgetEntry, definition: RoundDefinition, partners: Collection[str], years: int
) -> Iterator[BudgetFinding]:
    asked = definition.budget
    costs = [line for line in budget.lines if line.kind == COST]
    own = [line for line in budget.lines if line.kind == OWN]
    others = [line for line in budget.lines if line.kind == COFINANCING]
    counts = [("costs_without_category", sum(not line.category for line in costs))]
    if asked.by_partner:
        keys = [line.participation_key for line in (*costs, *own)]
        known = {*partners, TOGETHER, None}
        counts.append(("costs_without_partner", sum(not line.participation_key for line in costs)))
        counts.append(("own_without_partner", sum(not line.participation_key for line in own)))
        counts.append(("partner_gone", sum(key not in known for key in keys)))
    if asked.by_year:
        counts.append(("costs_without_year", sum(line.year is None for line in costs)))
        counts.append(("year_beyond", sum((line.year or 0) > years for line in costs)))
    if asked.sources:
        counts.append(("without_source", sum(line.source is None for line in others)))
    yield from (BudgetFinding(code, {"count": count}) for code, count in counts if count)


def _spread(lines: list[tuple[str, BudgetItem]], order: list[str]) -> Spread:
    """Add the lines up per key and year; a key that the order does not know comes after those it does."""
    found = {key for key, _line in lines}
    keys = [*(key for key in order if key in found), *sorted(found - set(order))]
    known = sorted({line.year for _key, line in lines if line.year is not None})
    years = (*known, *([None] if any(line.year is None for _key, line in lines) else []))

    def summed(key: str, mine: list[BudgetItem]) -> SumLine:
        per_year = tuple(sum(one.amount_cents for one in mine if one.year == year) for year in years)
        return SumLine(key, per_year, sum(per_year))

    rows = tuple(summed(key, [line for name, line in lines if name == key]) for key in keys)
    return Spread(years, rows, summed("", [line for _key, line in lines]))
