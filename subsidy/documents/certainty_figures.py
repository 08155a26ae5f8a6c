"""The pictures of how sure an order is."""

from collections.abc import Mapping

from flask_babel import gettext as _

from subsidy.documents.chart_forms import Row
from subsidy.documents.charts import Chart
from subsidy.wording.spoken import language
from workflows.certainty import Certainty

# More people than this do not fit in a picture: the strictest and the mildest, and the table has all.
MOST_PEOPLE = 30


def charts_of(found: Certainty, criteria: Mapping[str, str]) -> dict[str, Chart]:
    """Give the charts that have something to show; `criteria` are the titles by id."""
    made = {
        "chances": _chart("chances", _chances(found), x=_("Total"), y=_("Chance")),
        "severities": _chart("severities", _severities(found), x=_("Points stricter (-) or milder (+)")),
        "rooms": _chart("rooms", _rooms(found, criteria), x=_("Share in the total")),
    }
    return {name: chart for name, chart in made.items() if chart.rows}


def _chances(found: Certainty) -> list[Row]:
    words = {True: _("Above the line now"), False: _("Below the line now")}
    return [
        {"total": one.total, "chance": one.chance, "series": words[one.above]}
        for one in found.applications
        if one.total is not None and one.chance is not None
    ]


def _severities(found: Certainty) -> list[Row]:
    known = sorted(
        ((one.effect, one.error or 0.0, one.reviewer) for one in found.reviewers if one.effect is not None),
        key=lambda one: (one[0], one[2]),
    )
    half = MOST_PEOPLE // 2
    kept = known if len(known) <= MOST_PEOPLE else [*known[:half], *known[-half:]]
    return [
        {"label": name, "effect": effect, "low": round(effect - error, 4), "high": round(effect + error, 4)}
        for effect, error, name in kept
    ]


def _rooms(found: Certainty, criteria: Mapping[str, str]) -> list[Row]:
    return [
        {
            "label": criteria.get(one.criterion, one.criterion),
            "low": one.down or 0.0,
            "high": 1.0 if one.up is None else one.up,
            "share": one.share,
        }
        for one in found.weights
    ]


def _chart(form: str, rows: list[Row], **words: str) -> Chart:
    return Chart(form, rows, words, language())
