"""The one shape of every figure: the page, the picture and the CSV file are drawn from the same table."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

Cell = str | int | float | None

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, in codes: words for them are found at the edge.

    A column ending in `_cents` holds euro cents, one in `_rate` a part of 1, one in `_days` days.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> tuple[Cell, ...]:
        """Give one column, from top to bottom."""
        index = self.columns.index(name)
        return tuple(row[index] for row in self.rows)


def table(name: str, columns: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> Table:
    """Put rows under columns. Raises ValueError when a row has another width."""
    kept = tuple(rows)
    if any(len(row) != len(columns) for row in kept):
        raise ValueError(f"{name}: a row does not fit under {columns}")
    return Table(name, columns, kept)


def rate(part: int, whole: int) -> float | None:
    """Give a part of 1, rounded to 4 decimals; None of nothing."""
    return round(part / whole, SHOWN) if whole else None


def rounded(value: Fraction | None, places: int = 2) -> float | None:
    """Give an exact value as people read it; None stays None."""
    return None if value is None else round(float(value), places)
