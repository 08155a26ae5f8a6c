"""Words for reviews: what is recommended, where a review stands, and what cannot be done now."""

from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words

RECOMMENDATIONS: Words = {
    "fund": _l("Give the subsidy"),
    "fund_with_changes": _l("Give the subsidy, with changes"),
    "do_not_fund": _l("Do not give the subsidy"),
}
STANDINGS: Words = {
    "counted": _l("Handed in"),
    "open": _l("Not handed in"),
    "interest": _l("Interest declared: does not count"),
    "released": _l("No longer reviews: does not count"),
}
STANDING_TONES = {"counted": "positive", "open": "neutral", "interest": "warning", "released": "neutral"}
NOT_REOPENED: Words = {
    "blank": _l("Give a reason."),
    "open": _l("This review is not handed in, so its reviewer can write in it already."),
    "released": _l("The applicant has the reports already, so no report can change now."),
    "advised": _l("The committee gave its advice already, so no review can change now."),
    "proposed": _l("A decision is proposed already, so no review can change now."),
}


def recommendation_label(code: str) -> str:
    """What a reviewer recommends; empty for nothing."""
    return str(RECOMMENDATIONS.get(code, ""))


def report_standing_label(code: str) -> str:
    """Where the review of one reviewer stands."""
    return str(STANDINGS[code])


def report_standing_tone(code: str) -> str:
    """The tone of its badge."""
    return STANDING_TONES[code]


FILTERS: dict[str, object] = {
    "recommendation_label": recommendation_label,
    "report_standing_label": report_standing_label,
    "report_standing_tone": report_standing_tone,
}
