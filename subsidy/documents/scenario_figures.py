"""The pictures of a comparison of scenarios: where the money goes, and who gains and who loses."""

from flask_babel import gettext as _

from subsidy.documents.chart_forms import Row
from subsidy.documents.charts import Chart
from subsidy.services.scenario_results import Comparison
from subsidy.wording.spoken import language

CENTS = 100
LONGEST_LABEL = 28


def charts_of(found: Comparison) -> dict[str, Chart]:
    """Give the charts that have something to show."""
    made = {
        "money": _chart("amounts", _money(found), x=_("Euro")),
        "moved": _chart("outcomes", _moved(found), x=_("Applications")),
    }
    return {name: chart for name, chart in made.items() if chart.rows}


def labels_of(found: Comparison) -> list[str]:
    """Name the ways short enough for a picture: the round itself first, then the scenarios by number."""
    named = (f"{place}. {_short(way.name)}" for place, way in enumerate(found.ways, start=1))
    return [str(_("As decided") if found.history else _("Rules of the round")), *named]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def _money(found: Comparison) -> list[Row]:
    ceiling, left, given = str(_("Ceiling")), str(_("Left of the ceiling")), str(_("Awarded"))
    ways = zip(labels_of(found), (found.own, *found.ways), strict=True)
    return [
        {"label": label, "series": series, "euros": cents / CENTS}
        for label, way in ways
        for series, cents in (
            (ceiling, way.ceiling_cents),
            (left, way.left_cents),
            (given, way.given_cents),
        )
    ]


def _moved(found: Comparison) -> list[Row]:
    words = {"gains": str(_("Gets more")), "loses": str(_("Gets less"))}
    return [
        {"label": label, "series": word, "number": getattr(way, name), "order": order}
        for label, way in zip(labels_of(found)[1:], found.ways, strict=True)
        for order, (name, word) in enumerate(words.items())
        if way.gains or way.loses
    ]


def _chart(form: str, rows: list[Row], **words: str) -> Chart:
    return Chart(form, rows, words, language())
