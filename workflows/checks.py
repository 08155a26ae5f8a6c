"""What each check on eligibility asks. A check whose rule is absent gives no answer.

`params` of the findings, for whoever writes the words (instants and days as ISO text, amounts in
euro cents; a bound that a rule does not set is null):

in_time            submitted_at, opens_at, closes_at (the extended deadline where there is one)
domains            count, minimum, domains
required_domains   required, missing
scale              scales (all that hold), accepted
area               outside (municipalities that are not allowed), named (number of municipalities)
inhabitants        inhabitants, minimum, maximum
municipalities     count, minimum, maximum, largest (inhabitants of the largest municipality)
amount             requested_cents, minimum_cents, maximum_cents
months             months, maximum
regiobeeld         source: "named", "predecessor" or null
predecessor        predecessor, kinds, reason: null, "none", "unknown", "not_awarded", "kind" or
                   "not_running"
one_per_lead       earlier (reference of the one that stands, or null)
one_per_region     earlier (the same)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import JsonValue

from workflows.codes import Check
from workflows.regions import (
    Reference,
    RegionIndex,
    inhabitants_of,
    municipalities_of,
    scales_of,
)
from workflows.rules import Rules
from workflows.scoring import day_in_amsterdam
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot


@dataclass(frozen=True, slots=True)
class PriorAward:
    """What became of an application that another names as its predecessor."""

    kind: str
    awarded: bool
    decided_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """Per application the one received before it that stands in its way, where there is one.

    The one received first stands whatever its own verdict is; equal moments go by reference.
    """

    same_lead: Mapping[str, str]
    same_region: Mapping[str, str]

    @classmethod
    def among(
        cls, applications: Iterable[ApplicationSnapshot], rules: Rules, reference: Reference
    ) -> "Earlier":
        """Look through all applications of a round, as far as its rules ask for it."""
        same_lead: dict[str, str] = {}
        same_region: dict[str, str] = {}
        leads: dict[tuple[str, str], str] = {}
        regions = RegionIndex(reference)
        for one in sorted(applications, key=lambda one: (one.received_at, one.reference)):
            if rules.one_per_lead and (key := _lead_key(one)) is not None:
                stands = leads.setdefault(key, one.reference)
                if stands != one.reference:
                    same_lead[one.reference] = stands
            if rules.one_per_region:
                stands_here = regions.first_clash(one.region)
                if stands_here is not None:
                    same_region[one.reference] = stands_here
                regions.add(one.region, one.reference)
        return cls(same_lead, same_region)


def _lead_key(application: ApplicationSnapshot) -> tuple[str, str] | None:
    """Tell leads apart by KvK number, or by name when there is none; a draft may have neither."""
    lead = application.lead
    if lead.kvk is not None:
        return ("kvk", lead.kvk)
    return ("name", lead.name.casefold()) if lead.name else None


@dataclass(frozen=True, slots=True)
class Case:
    """One application with all that a check may look at."""

    round: RoundSnapshot
    application: ApplicationSnapshot
    reference: Reference
    awards: Mapping[str, PriorAward]
    earlier: Earlier

    @property
    def rules(self) -> Rules:
        """The rules of the round."""
        return self.round.rules

    @property
    def municipalities(self) -> frozenset[str]:
        """Today's codes of the region."""
        return municipalities_of(self.application.region, self.reference)

    @property
    def predecessor(self) -> PriorAward | None:
        """What became of the predecessor; None when none is named or nothing is known of it."""
        return self.awards.get(self.application.predecessor or "")


Answer = tuple[bool, dict[str, JsonValue]]
"""Whether the rule is kept, and what to tell about it."""


def _in_time(case: Case) -> Answer:
    opens_at = case.round.opens_at
    closes_at = case.application.deadline_at or case.round.closes_at
    submitted_at = case.application.submitted_at
    return opens_at <= submitted_at <= closes_at, {
        "submitted_at": submitted_at.isoformat(),
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
    }


def _domains(case: Case) -> Answer | None:
    minimum = case.rules.min_domains
    if minimum is None:
        return None
    domains = case.application.domains
    return len(domains) >= minimum, {
        "count": len(domains),
        "minimum": minimum,
        "domains": list(domains),
    }


def _required_domains(case: Case) -> Answer | None:
    required = case.rules.required_domains
    if not required:
        return None
    missing = sorted(set(required) - set(case.application.domains))
    return not missing, {"required": list(required), "missing": list(missing)}


def _scale(case: Case) -> Answer | None:
    accepted = case.rules.scales
    if not accepted:
        return None
    held = scales_of(case.application.region, case.reference)
    return not set(held).isdisjoint(accepted), {"scales": list(held), "accepted": list(accepted)}


def _area(case: Case) -> Answer | None:
    allowed = {case.reference.resolve(code) for code in case.rules.allowed_municipalities}
    if not allowed:
        return None
    outside = sorted(case.municipalities - allowed)
    named = len(case.municipalities)
    return named > 0 and not outside, {"outside": list(outside), "named": named}


def _inhabitants(case: Case) -> Answer | None:
    minimum, maximum = case.rules.min_inhabitants, case.rules.max_inhabitants
    inhabitants = inhabitants_of(case.application.region, case.reference)
    return _between(inhabitants, minimum, maximum, unit="inhabitants")


def _municipalities(case: Case) -> Answer | None:
    rules = case.rules
    by_size = rules.min_municipalities_by_size
    codes = case.municipalities
    known = case.reference.municipalities
    largest = max((known[code].inhabitants for code in codes), default=0)
    minimums = [rules.min_municipalities] if rules.min_municipalities is not None else []
    if by_size is not None:
        minimums.append(by_size.then if largest > by_size.largest_over else by_size.otherwise)
    answer = _between(len(codes), max(minimums, default=None), rules.max_municipalities, unit="count")
    return answer and (answer[0], answer[1] | {"largest": largest})


def _amount(case: Case) -> Answer | None:
    minimum, maximum = case.rules.min_amount_cents, case.rules.max_amount_cents
    asked = case.application.requested_cents
    return _between(asked, minimum, maximum, unit="requested_cents", bounds="{}_cents")


def _months(case: Case) -> Answer | None:
    maximum = case.rules.max_months
    if maximum is None:
        return None
    months = case.application.months
    return 1 <= months <= maximum, {"months": months, "maximum": maximum}


def _between(
    value: int, minimum: int | None, maximum: int | None, *, unit: str, bounds: str = "{}"
) -> Answer | None:
    """Hold a value against the bounds that there are; no bounds, no answer."""
    if minimum is None and maximum is None:
        return None
    kept = (minimum is None or value >= minimum) and (maximum is None or value <= maximum)
    return kept, {
        unit: value,
        bounds.format("minimum"): minimum,
        bounds.format("maximum"): maximum,
    }


def _regiobeeld(case: Case) -> Answer | None:
    if not case.rules.regiobeeld_required:
        return None
    prior = case.predecessor
    source = None
    if (case.application.regiobeeld or "").strip():
        source = "named"
    elif prior is not None and prior.awarded and prior.kind == "regiobeeld":
        source = "predecessor"
    return source is not None, {"source": source}


def _predecessor(case: Case) -> Answer | None:
    kinds = case.rules.predecessor_kinds
    if not kinds:
        return None
    named, received_at = case.application.predecessor, case.application.received_at
    reason = against_predecessor(named, case.predecessor, case.rules, received_at)
    return reason is None, {"predecessor": named, "kinds": list(kinds), "reason": reason}


def against_predecessor(
    named: str | None, prior: PriorAward | None, rules: Rules, received_at: datetime
) -> str | None:
    """Give why a predecessor does not do for an application received then (aware), or None when it does.

    `prior` is what is known of the one named; the codes are those of the finding, see above.
    """
    if prior is None:
        return "unknown" if named else "none"
    if not prior.awarded:
        return "not_awarded"
    if prior.kind not in rules.predecessor_kinds:
        return "kind"
    day = day_in_amsterdam(received_at)
    begun = prior.decided_on is not None and prior.decided_on <= day
    ended = prior.ends_on is not None and prior.ends_on < day
    if rules.predecessor_running and (ended or not begun):
        return "not_running"
    return None


def _one_per_lead(case: Case) -> Answer | None:
    if not case.rules.one_per_lead:
        return None
    earlier = case.earlier.same_lead.get(case.application.reference)
    return earlier is None, {"earlier": earlier}


def _one_per_region(case: Case) -> Answer | None:
    if not case.rules.one_per_region:
        return None
    earlier = case.earlier.same_region.get(case.application.reference)
    return earlier is None, {"earlier": earlier}


CHECKS: Sequence[tuple[Check, Callable[[Case], Answer | None], str]] = (
    (Check.IN_TIME, _in_time, "aanvraagperiode (Awb 4:26)"),
    (Check.DOMAINS, _domains, "samenwerking (Awb 4:23)"),
    (Check.REQUIRED_DOMAINS, _required_domains, "samenwerking (Awb 4:23)"),
    (Check.SCALE, _scale, "regio (Awb 4:23)"),
    (Check.AREA, _area, "regio (Awb 4:23)"),
    (Check.INHABITANTS, _inhabitants, "regio (Awb 4:23)"),
    (Check.MUNICIPALITIES, _municipalities, "regio (Awb 4:23)"),
    (Check.AMOUNT, _amount, "hoogte van de subsidie (Awb 4:23)"),
    (Check.MONTHS, _months, "looptijd (Awb 4:23)"),
    (Check.REGIOBEELD, _regiobeeld, "regiobeeld (Awb 4:23)"),
    (Check.PREDECESSOR, _predecessor, "eerdere subsidie (Awb 4:23)"),
    (Check.ONE_PER_LEAD, _one_per_lead, "verdeling (Awb 4:26)"),
    (Check.ONE_PER_REGION, _one_per_region, "verdeling (Awb 4:26)"),
)
"""The checks in reporting order, each with the part of the call, and the article, it rests on."""
