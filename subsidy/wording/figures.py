"""Words for the tables of figures: titles, columns, and the codes in their cells."""

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.findings import check_label
from subsidy.wording.labels import DOMAINS, OUTCOMES, SCALES, Words, ground_label
from subsidy.wording.values import NOTHING, decimal, money, number, percentage

TITLES: Words = {
    "rounds": _l("The rounds side by side"),
    "kinds": _l("Kinds of round"),
    "funnel": _l("From submitted to awarded"),
    "outcomes": _l("How applications ended"),
    "grounds": _l("Why applications were refused"),
    "checks": _l("What the check on eligibility found"),
    "money": _l("Asked, awarded and left"),
    "awards": _l("Whole and partial awards"),
    "domains": _l("Domains that take part"),
    "domain-numbers": _l("Number of domains"),
    "domain-mixes": _l("Combinations of domains"),
    "leads": _l("Domain of the main applicant"),
    "bridges": _l("Citizens, and social with medical care"),
    "scales": _l("Scale of the region"),
    "themes": _l("Themes"),
    "ggd": _l("Reach per GGD region"),
    "zorgkantoor": _l("Reach per care office region"),
    "province": _l("Reach per province"),
    "blank-spots": _l("Blank spots: municipalities without an award"),
    "municipalities": _l("Every municipality"),
    "totals": _l("Distribution of total scores"),
    "criteria": _l("Scores per criterion"),
    "interests": _l("Reviews and declared interests"),
    "received": _l("Applications received, added up day by day"),
    "lead-times": _l("Days from receipt to decision"),
    "pathway": _l("Awards that follow an earlier award"),
    "returning": _l("Main applicants that applied more than once"),
}
NOTES: Words = {
    "funnel": _l("Counts are of decisions taken; a proposal is not a decision yet."),
    "grounds": _l("As recorded with the decision."),
    "checks": _l("As the rules find it now; the verdict of the office goes before it."),
    "money": _l(
        "Of several rounds only those in which decisions were taken. "
        "Unfunded: fundable, and rejected all the same."
    ),
    "domains": _l("An application counts in every domain that takes part in it."),
    "ggd": _l("Awards per 100,000 inhabitants. Darker is more."),
    "totals": _l("Weighted total from 0 to 100, in steps of ten."),
    "criteria": _l("Spread: how far the reviews of one application lie apart, on average."),
    "lead-times": _l("Net: without the days in which the term stood still for a supplement."),
    "pathway": _l("From regional picture to network, development and action plan."),
    "themes": _l("An application can have more than one theme."),
}
COLUMNS: Words = {
    "round": _l("Round"),
    "title": _l("Title"),
    "kind": _l("Kind"),
    "applications": _l("Applications"),
    "eligible": _l("Eligible"),
    "awarded": _l("Awarded"),
    "rejected": _l("Rejected"),
    "success_rate": _l("Success rate"),
    "requested_cents": _l("Requested"),
    "awarded_cents": _l("Awarded amount"),
    "ceiling_cents": _l("Ceiling"),
    "ceiling_used_rate": _l("Ceiling used"),
    "mean_total": _l("Mean total"),
    "stage": _l("Step"),
    "of_submitted_rate": _l("Of submitted"),
    "outcome": _l("Outcome"),
    "ground": _l("Ground"),
    "of_refused_rate": _l("Of refused"),
    "check": _l("Check"),
    "basis": _l("Basis"),
    "passed": _l("Met"),
    "warned": _l("Points of attention"),
    "failed": _l("Not met"),
    "item": _l("What"),
    "amount_cents": _l("Amount"),
    "of_ceiling_rate": _l("Of the ceiling"),
    "award": _l("Award"),
    "of_awarded_rate": _l("Of awards"),
    "domain": _l("Domain"),
    "domains": _l("Number of domains"),
    "mix": _l("Combination"),
    "lead": _l("Main applicant"),
    "bridge": _l("Collaboration"),
    "scale": _l("Scale"),
    "theme": _l("Theme"),
    "region_code": _l("Code"),
    "region": _l("Region"),
    "municipalities": _l("Municipalities"),
    "reached": _l("Reached"),
    "reached_rate": _l("Part reached"),
    "inhabitants": _l("Inhabitants"),
    "inhabitants_reached": _l("Inhabitants reached"),
    "inhabitants_reached_rate": _l("Of inhabitants"),
    "awards": _l("Awards"),
    "awards_per_100000": _l("Per 100,000"),
    "ggd": _l("GGD region"),
    "province": _l("Province"),
    "names": _l("Names"),
    "municipality_code": _l("Code"),
    "municipality": _l("Municipality"),
    "total_from": _l("Total from"),
    "total_to": _l("Total to"),
    "fundable": _l("Fundable"),
    "not_fundable": _l("Not fundable"),
    "criterion": _l("Criterion"),
    "assessed": _l("Assessed"),
    "mean": _l("Mean"),
    "median": _l("Median"),
    "lowest": _l("Lowest"),
    "highest": _l("Highest"),
    "spread": _l("Spread"),
    "worst": _l("Worst possible"),
    "best": _l("Best possible"),
    "review": _l("Review"),
    "reviews": _l("Reviews"),
    "of_reviews_rate": _l("Of reviews"),
    "day": _l("Day"),
    "together": _l("Together"),
    "decided": _l("Decided"),
    "shortest_days": _l("Shortest"),
    "median_days": _l("Median"),
    "longest_days": _l("Longest"),
    "median_net_days": _l("Median, net"),
    "follows": _l("Follows"),
    "times_applied": _l("Times applied"),
    "leads": _l("Main applicants"),
}
STAGES: Words = {
    "submitted": _l("Submitted"),
    "complete": _l("Complete, also after a supplement"),
    "supplemented": _l("Of which after a supplement"),
    "eligible": _l("Eligible"),
    "assessed": _l("Assessed"),
    "fundable": _l("Fundable"),
    "awarded": _l("Awarded"),
}
ITEMS: Words = {
    "ceiling": _l("Ceiling"),
    "requested": _l("Requested"),
    "eligible": _l("Requested, eligible"),
    "fundable": _l("Requested, fundable"),
    "awarded": _l("Awarded"),
    "left": _l("Left of the ceiling"),
    "unfunded": _l("Fundable but unfunded"),
}
AWARDS: Words = {"whole": _l("All that was asked"), "partial": _l("A part of what was asked")}
BRIDGES: Words = {
    "citizens": _l("Citizens are a partner"),
    "without_citizens": _l("Without citizens"),
    "social_and_medical": _l("Social and medical care together"),
    "one_side": _l("One side alone"),
}
REVIEWS: Words = {
    "counted": _l("Counted reviews"),
    "interest_declared": _l("Interest declared"),
    "incomplete": _l("Incomplete"),
}
ENDS: Words = {**OUTCOMES, "pending": _l("Waits for a decision")}
NO_GROUND: Words = {"unknown": _l("no ground recorded")}

Cell = str | int | float | None
Names = Mapping[str, Mapping[str, str]]
"""Words that only the rounds themselves know, per column: titles of kinds, themes, criteria."""

CODES: Mapping[str, Words] = {
    "stage": STAGES,
    "outcome": ENDS,
    "item": ITEMS,
    "award": AWARDS,
    "domain": DOMAINS,
    "lead": DOMAINS,
    "scale": SCALES,
    "bridge": BRIDGES,
    "review": REVIEWS,
}


def title_of(name: str) -> str:
    """The title of a table."""
    return str(TITLES.get(name, name))


def note_of(name: str) -> str:
    """What to know when reading a table, or nothing."""
    return str(NOTES.get(name, ""))


def column_label(column: str) -> str:
    """The heading of a column."""
    return str(COLUMNS.get(column, column))


def mix_label(domains: Iterable[str]) -> str:
    """A combination of domains."""
    words = [str(DOMAINS.get(one, one)) for one in domains]
    return " + ".join(words) if words else str(_("No domain that counts"))


def shown(column: str, cell: Cell, names: Names | None = None) -> str:
    """A cell as people read it."""
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return _words(column, cell, names or {})
    if column.endswith("_cents"):
        return money(int(cell))
    if column.endswith("_rate"):
        return percentage(cell)
    return decimal(cell) if isinstance(cell, float) else number(cell)


def _words(column: str, code: str, names: Names) -> str:
    if column in SPECIAL:
        return SPECIAL[column](code, names)
    known = CODES.get(column, {}).get(code)
    return names.get(column, {}).get(code, code) if known is None else str(known)


def _ground(code: str, names: Names) -> str:
    words = NO_GROUND.get(code)
    return ground_label(code, names.get("criterion")) if words is None else str(words)


SPECIAL: Mapping[str, Callable[[str, Names], str]] = {
    "ground": _ground,
    "check": lambda code, _names: check_label(code),
    "follows": lambda code, names: names.get("kind", {}).get(code, code),
}
