"""The picture of where an application stood when it was decided on."""

from flask_babel import gettext as _

from subsidy.documents.chart_forms import Row
from subsidy.documents.charts import Chart
from subsidy.services.explaining import Then
from subsidy.wording.spoken import language
from workflows.explanation import Turn


def places_chart(then: Then) -> Chart | None:
    """Draw the totals around an application, or, where nothing is scored, what was left at each turn.

    None when nobody had a turn.
    """
    if not then.shown:
        return None
    scored = bool(then.parts)
    words = {
        "x": _("Place in the order"),
        "y": _("Total (0 to 100)") if scored else _("Left at its turn, in euros"),
    }
    series = (_("This application"), _("Gets money"), _("Gets no money"))
    rows = [_row(one, then, scored=scored, series=series) for one in then.shown]
    return Chart("places", rows, words, language())


def _row(turn: Turn, then: Then, *, scored: bool, series: tuple[str, str, str]) -> Row:
    tone = 0 if turn.reference == then.application.reference else 1 if turn.paid else 2
    return {
        "place": turn.rank,
        "number": round(float(turn.total or 0), 4) if scored else turn.before_cents / 100,
        "series": series[tone],
        "tone": tone,
        "ends": int(turn.rank == then.ends_after),
    }
