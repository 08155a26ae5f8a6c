"""Words for the findings of the screening: what was asked, and what this application has."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import DOMAINS, SCALES, Words
from subsidy.wording.values import money, number

Params = Mapping[str, Any]

CHECKS: Words = {
    "in_time": _l("In time"),
    "domains": _l("Number of domains"),
    "required_domains": _l("Domains that must take part"),
    "scale": _l("Scale of the region"),
    "area": _l("Region of this round"),
    "inhabitants": _l("Number of inhabitants"),
    "municipalities": _l("Number of municipalities"),
    "amount": _l("Amount"),
    "months": _l("Duration"),
    "regiobeeld": _l("Regional picture"),
    "predecessor": _l("Earlier subsidy"),
    "one_per_lead": _l("One application per main applicant"),
    "one_per_region": _l("One application per region"),
}
FINDING_OUTCOMES: Words = {
    "pass": _l("Met"),
    "warn": _l("Point of attention"),
    "fail": _l("Not met"),
}
REASONS: Words = {
    "none": _l("No earlier application is named, and one that was awarded is needed."),
    "unknown": _l("The earlier application %(predecessor)s is not known here."),
    "not_awarded": _l("The earlier application %(predecessor)s was not awarded."),
    "kind": _l("The earlier application %(predecessor)s is of another kind than this round asks for."),
    "not_running": _l("The project of %(predecessor)s was not running on the day of receipt."),
}


def check_label(check: str) -> str:
    """The name of a check."""
    return str(CHECKS.get(check, check))


def finding_outcome_label(outcome: str) -> str:
    """How a check came out."""
    return str(FINDING_OUTCOMES.get(outcome, outcome))


def finding_text(check: str, params: Params) -> str:
    """One sentence on a finding, from its check and its parameters (see workflows/checks.py)."""
    sentence = SENTENCES.get(check)
    return check_label(check) if sentence is None else sentence(params)


def _in_time(params: Params) -> str:
    return str(
        _(
            "Sent in on %(submitted)s; the period runs from %(opens)s to %(closes)s.",
            submitted=_instant(params["submitted_at"]),
            opens=_instant(params["opens_at"]),
            closes=_instant(params["closes_at"]),
        )
    )


def _domains(params: Params) -> str:
    return str(
        _(
            "%(count)s counted domains take part (%(domains)s); at least %(minimum)s are needed.",
            count=params["count"],
            domains=_list(params["domains"], DOMAINS),
            minimum=params["minimum"],
        )
    )


def _required_domains(params: Params) -> str:
    if params["missing"]:
        return str(_("Missing: %(missing)s.", missing=_list(params["missing"], DOMAINS)))
    required = _list(params["required"], DOMAINS)
    return str(_("All domains that must take part do: %(required)s.", required=required))


def _scale(params: Params) -> str:
    return str(
        _(
            "The region is: %(scales)s; accepted are: %(accepted)s.",
            scales=_list(params["scales"], SCALES),
            accepted=_list(params["accepted"], SCALES),
        )
    )


def _area(params: Params) -> str:
    if params["outside"]:
        outside = ", ".join(params["outside"])
        return str(
            _("These municipalities lie outside the region of this round: %(outside)s.", outside=outside)
        )
    return str(_("%(named)s municipalities are named, none outside the region.", named=params["named"]))


def _inhabitants(params: Params) -> str:
    count, bounds = number(params["inhabitants"]), _bounds(params, number)
    return str(_("The region has %(count)s inhabitants; %(bounds)s.", count=count, bounds=bounds))


def _municipalities(params: Params) -> str:
    bounds = _bounds(params, number)
    return str(
        _("The region has %(count)s municipalities; %(bounds)s.", count=params["count"], bounds=bounds)
    )


def _amount(params: Params) -> str:
    amounts = {name.removesuffix("_cents"): value for name, value in params.items()}
    asked, bounds = money(amounts["requested"]), _bounds(amounts, money)
    return str(_("%(asked)s is asked; %(bounds)s.", asked=asked, bounds=bounds))


def _months(params: Params) -> str:
    return str(
        _(
            "The project takes %(months)s months; at most %(maximum)s is possible.",
            months=params["months"],
            maximum=params["maximum"],
        )
    )


def _regiobeeld(params: Params) -> str:
    match params["source"]:
        case "named":
            return str(_("The application says where the regional picture is."))
        case "predecessor":
            return str(_("The earlier application was awarded for a regional picture."))
    return str(_("No regional picture is named, attached or awarded earlier."))


def _predecessor(params: Params) -> str:
    if params["reason"] is None:
        return str(_("%(predecessor)s was awarded earlier.", predecessor=params["predecessor"]))
    return str(REASONS[params["reason"]]) % {"predecessor": params["predecessor"]}


def _one_per_lead(params: Params) -> str:
    if params["earlier"] is None:
        return str(_("The main applicant has no earlier application in this round."))
    earlier = params["earlier"]
    return str(_("The main applicant sent in %(earlier)s earlier, and that one stands.", earlier=earlier))


def _one_per_region(params: Params) -> str:
    if params["earlier"] is None:
        return str(_("No earlier application of this round touches the region."))
    earlier = params["earlier"]
    return str(_("%(earlier)s came in earlier for this region, and that one stands.", earlier=earlier))


SENTENCES: Mapping[str, Callable[[Params], str]] = {
    "in_time": _in_time,
    "domains": _domains,
    "required_domains": _required_domains,
    "scale": _scale,
    "area": _area,
    "inhabitants": _inhabitants,
    "municipalities": _municipalities,
    "amount": _amount,
    "months": _months,
    "regiobeeld": _regiobeeld,
    "predecessor": _predecessor,
    "one_per_lead": _one_per_lead,
    "one_per_region": _one_per_region,
}


def _bounds(params: Params, written: Callable[[int], str]) -> str:
    lowest, highest = params.get("minimum"), params.get("maximum")
    if lowest is None:
        return str(_("at most %(highest)s", highest=written(highest or 0)))
    if highest is None:
        return str(_("at least %(lowest)s", lowest=written(lowest)))
    return str(_("between %(lowest)s and %(highest)s", lowest=written(lowest), highest=written(highest)))


def _list(codes: Iterable[str], words: Words) -> str:
    """Names of codes behind each other, in small letters but for abbreviations."""
    names = [str(words.get(code, code)) for code in codes]
    return ", ".join(_within(name) for name in names) or str(_("none"))


def _within(name: str) -> str:
    """A label as it stands within a sentence."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _instant(text: str) -> str:
    moment = datetime.fromisoformat(text)
    seconds = ":ss" if moment.second else ""
    return str(format_datetime(moment, f"d MMMM y, HH:mm{seconds}"))


FILTERS: dict[str, object] = {
    "check_label": check_label,
    "finding_outcome_label": finding_outcome_label,
    "finding_text": finding_text,
}
