"""The ledger of a round as a picture, and its lines as CSV and as a workbook.

In the files amounts are euro cents and headings are codes, so that a script can count on them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from itertools import accumulate

import xlsxwriter
from flask_babel import gettext as _

from subsidy.documents.chart_forms import Row
from subsidy.documents.charts import Chart
from subsidy.documents.tables import csv_lines, harmless
from subsidy.models import CeilingChange, Round
from subsidy.services.ledger_lines import Line
from subsidy.wording.spoken import language
from workflows.calendar_nl import AMSTERDAM

COLUMNS = (
    "line",
    "reference",
    "decision_kind",
    "outcome",
    "kind",
    "cents",
    "balance_cents",
    "booked_at",
    "confirmed_by",
    "reason",
    "remedy_of",
)
CENT = 100
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
# A picture begins before the first movement and ends after the last by this part of its width.
MARGIN = 20
WIDTHS = (8, 16, 14, 14, 12, 14, 16, 32, 24, 50, 30)


def csv_of_lines(lines: Iterable[Line]) -> Iterator[str]:
    """Give the lines of a ledger as CSV, line by line."""
    return csv_lines(COLUMNS, (_cells(line) for line in lines))


def workbook_of_lines(lines: Iterable[Line]) -> bytes:
    """Give the lines of a ledger as a workbook (xlsx) with one sheet."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        sheet = book.add_worksheet("plafond")
        bold = book.add_format({"bold": True})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_row(0, 0, COLUMNS, bold)
        for number, line in enumerate(lines, start=1):
            sheet.write_row(number, 0, [harmless(cell) for cell in _cells(line)])
        sheet.freeze_panes(1, 0)
    return content.getvalue()


def chart_of(
    round_: Round, movements: Sequence[tuple[datetime, int]], changes: Sequence[CeilingChange]
) -> Chart | None:
    """Give the picture of how the ceiling filled; None while nothing was booked."""
    if not movements:
        return None
    moments = [at for at, _cents in movements] + [one.changed_at for one in changes]
    margin = max(timedelta(days=1), (max(moments) - min(moments)) / MARGIN)
    begin, end = min(moments) - margin, max(moments) + margin
    sums = list(accumulate(cents for _at, cents in movements))
    promised = [(begin, 0), *((at, cents) for (at, _moved), cents in zip(movements, sums, strict=True))]
    first = changes[0].before_cents if changes else round_.ceiling_cents
    ceiling = [(begin, first), *((one.changed_at, one.after_cents) for one in changes)]
    rows = [
        *_steps(promised, end, str(_("Promised"))),
        *_steps(ceiling, end, str(_("Ceiling"))),
    ]
    return Chart("filling", rows, {"y": str(_("Euros"))}, language())


def _steps(values: Sequence[tuple[datetime, int]], end: datetime, series: str) -> Iterator[Row]:
    """Give each value from its moment on, and the last until the end."""
    for at, cents in (*values, (end, values[-1][1])):
        local = at.astimezone(AMSTERDAM).replace(tzinfo=None)
        yield {"at": local.isoformat(timespec="seconds"), "euros": cents / CENT, "series": series}


def _cells(line: Line) -> tuple[object, ...]:
    return (
        line.id,
        line.reference,
        line.decision_kind,
        line.outcome,
        line.kind,
        line.cents,
        line.balance_cents,
        line.booked_at.isoformat(),
        line.confirmed_by,
        line.reason,
        line.remedy_of,
    )
