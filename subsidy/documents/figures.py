"""From a table in codes to a figure that people read: words, and a picture of the same numbers.

A picture is bars, a tile map, or a chart drawn as SVG; every figure keeps its table beside it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from flask_babel import gettext as _

from subsidy.data import load_tiles
from subsidy.documents.chart_forms import Row
from subsidy.documents.charts import Chart
from subsidy.models import Round
from subsidy.services.figures.partnership import BETWEEN
from subsidy.services.figures.table import Cell, Table
from subsidy.services.snapshots import definition_of
from subsidy.wording.figures import Names, column_label, mix_label, note_of, shown, title_of
from subsidy.wording.labels import DOMAINS
from subsidy.wording.spoken import language
from subsidy.wording.values import text
from workflows.kinds import KINDS
from workflows.rules import COUNTED_DOMAINS

DARKEST = 4
CENTS = 100
MOST_MIXES = 12

# The column that names a bar and the one that gives its length.
BARS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "funnel": ("stage", "applications"),
    "outcomes": ("outcome", "applications"),
    "grounds": ("ground", "applications"),
    "checks": ("check", "failed"),
    "money": ("item", "amount_cents"),
    "awards": ("award", "awarded"),
    "domains": ("domain", "applications"),
    "domain-numbers": ("domains", "applications"),
    "leads": ("lead", "applications"),
    "bridges": ("bridge", "applications"),
    "scales": ("scale", "applications"),
    "themes": ("theme", "applications"),
    "zorgkantoor": ("region", "inhabitants_reached_rate"),
    "blank-spots": ("ggd", "municipalities"),
    "criteria": ("criterion", "mean"),
    "interests": ("review", "reviews"),
    "lead-times": ("outcome", "median_days"),
    "returning": ("times_applied", "leads"),
})  # fmt: skip
TILES = MappingProxyType({"ggd": "ggd", "province": "province"})
# Left out on a page, where room is short; a CSV file has every column.
ONLY_IN_FILES = frozenset({
    "region_code", "municipality_code", "basis", "reached_rate", "inhabitants", "inhabitants_reached",
    "awards",
})  # fmt: skip
OF_GROUPS = frozenset({"rejected", "requested_cents", "awarded_cents"})
LEFT_OUT: Mapping[str, frozenset[str]] = MappingProxyType({
    "rounds": frozenset({"round", "kind", "eligible"}),
    "kinds": frozenset({"requested_cents", "mean_total"}),
    "scales": frozenset({"rejected", "requested_cents", "mean_total"}),
    "domains": OF_GROUPS,
    "domain-numbers": OF_GROUPS,
    "domain-mixes": OF_GROUPS,
    "leads": OF_GROUPS,
    "bridges": OF_GROUPS,
    "themes": OF_GROUPS,
    "outcomes": frozenset(),
    "blank-spots": frozenset(),
    "criteria": frozenset({"assessed", "worst", "best"}),
})  # fmt: skip
WIDE = frozenset({"rounds"})
# Too many to show as bars: the longest, and the table has all.
MOST_BARS = 12
IN_ORDER_OF_SIZE = frozenset({"zorgkantoor", "blank-spots"})


class Bar(NamedTuple):
    """One bar: its length, and how people read that."""

    label: str
    value: float
    shown: str


class MapTile(NamedTuple):
    """One region on a tile map; `step` 0 is nothing, 4 the most."""

    name: str
    label: str
    x: int
    y: int
    shown: str
    step: int


class Line(NamedTuple):
    """One row of the table in words, with the code of its first column, which a page may leave out."""

    code: Cell
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a page shows of one table. At most one of bars, tiles and chart is there."""

    name: str
    title: str
    note: str
    columns: tuple[tuple[str, bool], ...]
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...] = ()
    tiles: tuple[MapTile, ...] = ()
    chart: Chart | None = None

    @property
    def wide(self) -> bool:
        """Whether it needs the whole width of a page."""
        return self.name in WIDE

    @property
    def heads(self) -> list[str | tuple[str, str]]:
        """Give the headings as a table on a page wants them: the first names the row, figures stand right."""
        first, *others = self.columns
        return [first[0], *((label, "number") if figures else label for label, figures in others)]


def names_of(rounds: Iterable[Round]) -> Names:
    """Give the words that rounds bring with them: kinds, themes and criteria, in the language of the page."""
    kinds = {kind: text(one.title) for kind, one in KINDS.items()}
    themes: dict[str, str] = {}
    criteria: dict[str, str] = {}
    for round_ in rounds:
        definition = definition_of(round_)
        kinds.setdefault(round_.kind, text(definition.title))
        themes.update((theme.value, text(theme.label)) for theme in definition.themes)
        criteria.update((one.id, text(one.label)) for one in definition.rules.criteria)
    return {"kind": kinds, "theme": themes, "criterion": criteria}


def figure_of(table: Table, names: Names) -> Figure:
    """Give the figure of a table."""
    left_out = LEFT_OUT.get(table.name, ONLY_IN_FILES)
    kept = [index for index, column in enumerate(table.columns) if column not in left_out]
    columns = [table.columns[index] for index in kept]
    return Figure(
        name=table.name,
        title=title_of(table.name),
        note=note_of(table.name),
        columns=tuple((column_label(column), _is_number(table, column)) for column in columns),
        lines=tuple(
            Line(row[0], tuple(_cell(table.columns[index], row[index], names) for index in kept))
            for row in table.rows
        ),
        bars=_bars(table, names),
        tiles=_tiles(table),
        chart=chart_of(table, names),
    )


def chart_of(table: Table, names: Names) -> Chart | None:
    """Give the chart of a table that has one and something to show."""
    make = CHARTS.get(table.name)
    return make(table, names) if make is not None and table.rows else None


def _bars(table: Table, names: Names) -> tuple[Bar, ...]:
    if table.name == "pathway":
        return _steps_of(table, names)
    if table.name not in BARS:
        return ()
    label, value = BARS[table.name]
    pairs = zip(table.column(label), table.column(value), strict=True)
    bars = [Bar(_cell(label, name, names), _size(size), shown(value, size)) for name, size in pairs]
    if any(bar.value < 0 for bar in bars):
        return ()
    if table.name in IN_ORDER_OF_SIZE:
        bars = sorted((bar for bar in bars if bar.value), key=lambda bar: -bar.value)[:MOST_BARS]
    return tuple(bars)


def _steps_of(table: Table, names: Names) -> tuple[Bar, ...]:
    """Give a bar for each step from one kind of round to the next."""
    return tuple(
        Bar(
            _(
                "%(kind)s after %(before)s",
                kind=_cell("kind", kind, names),
                before=_cell("follows", before, names),
            ),
            _size(number),
            shown("awarded", number),
        )
        for kind, before, number in table.rows
    )


def _tiles(table: Table) -> tuple[MapTile, ...]:
    if table.name not in TILES:
        return ()
    rates = dict(zip(table.column("region_code"), table.column("awards_per_100000"), strict=True))
    most = max((_size(one) for one in rates.values()), default=0)
    return tuple(
        MapTile(
            name=tile.name,
            label=tile.label,
            x=tile.column - 1,
            y=tile.row - 1,
            shown=shown("awards_per_100000", rates.get(tile.code)),
            step=_step(_size(rates.get(tile.code)), most),
        )
        for tile in load_tiles(TILES[table.name])
    )


def _step(value: float, most: float) -> int:
    """Give the shade of a value: nothing is the lightest, all else in equal parts up to the most."""
    return 0 if not value or not most else max(1, min(DARKEST, -int(-DARKEST * value // most)))


def _cell(column: str, cell: Cell, names: Names) -> str:
    if column == "mix":
        return mix_label(filter(None, str(cell).split(BETWEEN)))
    return shown(column, cell, names)


def _is_number(table: Table, column: str) -> bool:
    """Whether a column holds figures, so that it stands to the right."""
    return not any(isinstance(cell, str) for cell in table.column(column))


def _size(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _totals(table: Table, _names: Names) -> Chart | None:
    rows: list[Row] = []
    for low, high, fundable, not_fundable in table.rows:
        for column, number in (("fundable", fundable), ("not_fundable", not_fundable)):
            step = f"{low}\N{EN DASH}{high}"
            rows.append({"label": step, "order": low, "series": column_label(column), "number": number})
    if not any(row["number"] for row in rows):
        return None
    return _chart("totals", rows, x=_("Total"), y=column_label("applications"))


def _received(table: Table, _names: Names) -> Chart | None:
    if len(table.rows) < 2:  # noqa: PLR2004  # one day is a number, not a line
        return None
    rows: list[Row] = [{"day": day, "together": together} for day, _number, together in table.rows]
    return _chart("received", rows, x=column_label("day"), y=column_label("together"))


def _amounts(table: Table, _names: Names) -> Chart:
    rows: list[Row] = []
    for label, *amounts in zip(
        *(table.column(name) for name in ("title", "ceiling_cents", "requested_cents", "awarded_cents")),
        strict=True,
    ):
        for column, cents in zip(("ceiling_cents", "requested_cents", "awarded_cents"), amounts, strict=True):
            rows.append({"label": label, "series": column_label(column), "euros": _size(cents) / CENTS})
    return _chart("amounts", rows, x=_("Euros"))


def _outcomes(table: Table, names: Names) -> Chart:
    rows: list[Row] = []
    for kind, applications, awarded, rejected in zip(
        *(table.column(name) for name in ("kind", "applications", "awarded", "rejected")), strict=True
    ):
        other = _size(applications) - _size(awarded) - _size(rejected)
        parts = {"awarded": awarded, "rejected": rejected, "other": other}
        words = {
            "awarded": column_label("awarded"),
            "rejected": column_label("rejected"),
            "other": _("Other"),
        }
        rows += [
            {"label": _cell("kind", kind, names), "series": words[part], "number": number, "order": order}
            for order, (part, number) in enumerate(parts.items())
        ]
    return _chart("outcomes", rows, x=column_label("applications"))


def _mixes(table: Table, _names: Names) -> Chart:
    rows: list[Row] = []
    numbers = zip(table.column("mix"), table.column("applications"), strict=True)
    for order, (mix, number) in enumerate(list(numbers)[:MOST_MIXES]):
        taking_part = str(mix).split(BETWEEN)
        rows += [
            {
                "mix": str(mix),
                "order": order,
                "domain": str(DOMAINS[domain]),
                "in": int(domain in taking_part),
                "number": number,
            }
            for domain in COUNTED_DOMAINS
        ]
    return _chart("mixes", rows, x=column_label("applications"))


def _chart(form: str, rows: Sequence[Row], **words: str) -> Chart:
    return Chart(form, rows, words, language())


CHARTS: Mapping[str, Callable[[Table, Names], Chart | None]] = MappingProxyType({
    "totals": _totals,
    "received": _received,
    "rounds": _amounts,
    "kinds": _outcomes,
    "domain-mixes": _mixes,
})  # fmt: skip
