"""Tables as CSV: one table of figures, and every application as a line.

UTF-8 with a byte order mark, because a spreadsheet reads it as something else without. Amounts are euro
cents, instants are in UTC; headings are codes, so that a script can count on them.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from subsidy.services.figures.cases import Case
from subsidy.services.figures.table import Table, rounded

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
# A cell that begins with one of these is a formula to a spreadsheet; an apostrophe makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BETWEEN = " "

APPLICATIONS = (
    "round",
    "kind",
    "reference",
    "title",
    "state",
    "lead",
    "lead_domain",
    "partners",
    "domains",
    "scale",
    "municipalities",
    "inhabitants",
    "requested_cents",
    "cofinancing_cents",
    "months",
    "themes",
    "predecessor",
    "submitted_at",
    "completed_at",
    "supplement_asked",
    "eligible",
    "failed_checks",
    "reviews",
    "total",
    "fundable",
    "rank",
    "ground",
    "awarded_cents",
    "decided_on",
    "ends_on",
)


def csv_of_table(table: Table) -> Iterator[str]:
    """Give a table of figures as CSV, line by line."""
    return csv_lines(table.columns, table.rows)


def csv_of_cases(cases: Iterable[Case], slugs: Mapping[int, str]) -> Iterator[str]:
    """Give every application as a line of CSV; `slugs` names the rounds by id."""
    return csv_lines(APPLICATIONS, (_cells(case, slugs[case.round_id]) for case in cases))


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give lines of CSV (RFC 4180), the headings first; what looks like a formula becomes text."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: object) -> object:
    """Give a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _cells(case: Case, slug: str) -> tuple[Any, ...]:
    sent, ranked = case.sent, case.ranked
    return (
        slug,
        case.kind,
        case.reference,
        sent.title,
        case.state.value,
        sent.lead.name,
        sent.lead.domain.value,
        len(sent.partners),
        BETWEEN.join(case.domains),
        case.scale,
        BETWEEN.join(sorted(case.municipalities)),
        case.inhabitants,
        sent.requested_cents,
        sent.cofinancing_cents,
        sent.months,
        BETWEEN.join(sent.themes),
        sent.predecessor,
        sent.submitted_at.isoformat(),
        None if sent.completed_at is None else sent.completed_at.isoformat(),
        _yes_no(holds=case.asked_at is not None),
        _yes_no(holds=case.eligible),
        BETWEEN.join(finding.check.value for finding in case.findings if finding.outcome == "fail"),
        ranked.reviews,
        rounded(ranked.total, 4),
        _yes_no(holds=ranked.fundable),
        ranked.rank,
        case.ground,
        case.awarded_cents,
        None if case.decided_on is None else case.decided_on.isoformat(),
        None if case.ends_on is None else case.ends_on.isoformat(),
    )


def _yes_no(*, holds: bool) -> str:
    return "yes" if holds else "no"


class _Echo:
    """Hand back what the csv module writes: the writer then returns the line itself."""

    def write(self, line: str) -> str:
        return line
