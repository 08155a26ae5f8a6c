"""Words for scenarios: what they change of the rules, and why a change of one was refused."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.rules import Options
from forms.scenarios import tie_options
from subsidy.wording.labels import DOMAINS, SCALES, Words, error_text
from subsidy.wording.office import DISTRIBUTIONS, DOMAINS_MODES, rule_options
from subsidy.wording.rules import kind_titles
from subsidy.wording.values import NOTHING, money, number
from workflows.rule_changes import Change
from workflows.rules import MunicipalitiesBySize, ReviewTier, Rules

AGGREGATES: Words = {
    "mean": _l("their mean"),
    "median": _l("their median"),
}

FIRST_COME_UNITS: Words = {
    "instant": _l("the moment of receipt"),
    "day": _l("the day of receipt, and then what separates equals"),
}

TIES: Words = {
    "requested_asc": _l("the lower amount asked"),
    "submitted_at": _l("what was complete first"),
    "lot": _l("lots that are drawn"),
}

RULES: Words = {
    "ceiling_cents": _l("Ceiling"),
    "distribution": _l("Distribution"),
    "min_domains": _l("Least number of domains"),
    "required_domains": _l("Domains that must take part"),
    "domains_mode": _l("Too few domains"),
    "scales": _l("Accepted scales of a region"),
    "min_inhabitants": _l("Least number of inhabitants"),
    "max_inhabitants": _l("Largest number of inhabitants"),
    "min_municipalities": _l("Least number of municipalities"),
    "max_municipalities": _l("Largest number of municipalities"),
    "min_amount_cents": _l("Least amount per application"),
    "max_amount_cents": _l("Largest amount per application"),
    "max_months": _l("Longest duration in months"),
    "predecessor_kinds": _l("Only after an earlier award of"),
    "one_per_lead": _l("One application per main applicant"),
    "one_award_per_region": _l("One award per region"),
    "max_awards": _l("Largest number of awards"),
    "partial_award": _l("The last one may get a part of what it asks"),
    "min_partial_cents": _l("Smallest part that is awarded"),
    "aggregate": _l("Several scores become one as"),
    "min_reviews": _l("Reviews needed"),
    "criteria": _l("Criteria"),
    "weight": _l("Weight"),
    "threshold": _l("Lowest score that is enough"),
    "best": _l("Best score"),
    "worst": _l("Worst score"),
    "threshold_total": _l("Least total score"),
    "tie_break": _l("What separates equals"),
    "lot_seed": _l("Seed of the lots"),
    "allowed_municipalities": _l("Municipalities that may take part"),
    "min_municipalities_by_size": _l("Municipalities needed, by size"),
    "regiobeeld_required": _l("A regional picture must be available"),
    "predecessor_running": _l("The earlier project is still running"),
    "one_per_region": _l("One application per region"),
    "reviews_by_amount": _l("Reviews needed, by amount"),
    "first_come_unit": _l("First come, first served counts"),
}

CODES: Mapping[str, Words] = {
    "distribution": DISTRIBUTIONS,
    "domains_mode": DOMAINS_MODES,
    "required_domains": DOMAINS,
    "scales": SCALES,
    "aggregate": AGGREGATES,
    "first_come_unit": FIRST_COME_UNITS,
}

REFUSALS: Words = {
    "name_taken": _l("This round has another scenario with this name."),
    "clash": _l(
        "Somebody else changed this scenario after you opened it. Your entries are still here, not saved. "
        "Look at what is stored in another window, and save again."
    ),
    "gone": _l("Somebody else deleted this scenario in the meantime."),
}


def scenario_refusal(code: str) -> str:
    """Why a change of a scenario was refused."""
    return str(REFUSALS[code]) if code in REFUSALS else error_text(code)


def options_of(rules: Rules) -> dict[str, Options]:
    """Give the codes with their words, per rule of a scenario that is chosen from a list."""
    return {
        **rule_options(kind_titles()),
        "aggregate": list(AGGREGATES.items()),
        "first_come_unit": list(FIRST_COME_UNITS.items()),
        "tie_break": tie_options(rules.criteria, list(TIES.items())),
    }


def change_label(change: Change) -> str:
    """Which rule a scenario changes."""
    label = str(RULES[change.rule])
    return label if change.criterion is None else f"{change.criterion}: {label.lower()}"


def rule_value(rule: str, value: object, rules: Rules) -> str:
    """What a rule says; `rules` are those that it is one of."""
    if value is None or value == ():
        return str(_("none")) if rule != "scales" else str(_("every scale"))
    shown = VALUES.get(rule)
    if shown is not None:
        return shown(value, rules)
    return _plain(rule, value)


def _plain(rule: str, value: object) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, int):
        return money(value) if rule.endswith("_cents") else number(value)
    if isinstance(value, Decimal):
        return str(format_decimal(value, "#,##0.###############"))
    words = CODES.get(rule, {})
    codes = value if isinstance(value, tuple) else (value,)
    return ", ".join(str(words.get(str(one), one)) for one in codes)


def _ties(value: object, rules: Rules) -> str:
    known = {one.id: one.title for one in rules.criteria}
    return "; ".join(
        str(TIES[one])
        if one in TIES
        else str(_("the better score on %(criterion)s", criterion=known.get(str(one), str(one))))
        for one in (value if isinstance(value, tuple) else ())
    )


def _kinds(value: object, _rules: Rules) -> str:
    titles = kind_titles()
    return ", ".join(titles.get(str(one), str(one)) for one in (value if isinstance(value, tuple) else ()))


def _by_size(value: object, _rules: Rules) -> str:
    if not isinstance(value, MunicipalitiesBySize):
        return NOTHING
    return str(
        _(
            "%(then)s when one has more than %(people)s inhabitants, otherwise %(otherwise)s",
            then=value.then,
            people=number(value.largest_over),
            otherwise=value.otherwise,
        )
    )


def _tiers(value: object, _rules: Rules) -> str:
    tiers = [one for one in (value if isinstance(value, tuple) else ()) if isinstance(one, ReviewTier)]
    return "; ".join(
        str(_("%(reviews)s from %(amount)s", reviews=one.reviews, amount=money(one.from_cents)))
        for one in tiers
    )


VALUES: Mapping[str, Callable[[object, Rules], str]] = {
    "tie_break": _ties,
    "predecessor_kinds": _kinds,
    "min_municipalities_by_size": _by_size,
    "reviews_by_amount": _tiers,
}

FILTERS: dict[str, object] = {
    "change_label": change_label,
    "rule_value": rule_value,
}
