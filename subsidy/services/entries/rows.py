"""Keeping stored lines in step with what was entered."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from subsidy.models import (
    AidReceived,
    BudgetLine,
    OtherMoney,
    Participation,
    RegionMunicipality,
    RegionNeighbourhood,
)

Line = TypeVar(
    "Line", Participation, RegionMunicipality, RegionNeighbourhood, BudgetLine, AidReceived, OtherMoney
)


def refill(rows: list[Line], wanted: Sequence[Mapping[str, object]], make: type[Line]) -> None:
    """Let the rows say what is wanted, in order.

    Rows are used again, because positions are unique and new rows are inserted before old ones go.
    """
    for position, values in enumerate(wanted):
        if position == len(rows):
            rows.append(make(position=position))
        rows[position].position = position
        for name, value in values.items():
            setattr(rows[position], name, value)
    del rows[len(wanted) :]
