"""What a page or a document shows of an application: labelled values, and tables."""

from dataclasses import dataclass

from subsidy.models import Attachment
from subsidy.services.answers.nameless import NamelessFile
from subsidy.wording import values
from workflows.definition import Option
from workflows.regions import Reference

ShownFile = Attachment | NamelessFile


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what was entered with it; line ends in the value stay, empty is empty text."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of cells under named columns; `numeric` says which hold numbers, `total` is a last line.

    A `derived` table only sums up what another one holds.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    total: tuple[str, ...] = ()
    derived: bool = False


@dataclass(frozen=True, slots=True)
class SectionAnswers:
    """A section of the form as it was filled in."""

    id: str
    title: str
    rows: tuple[Row, ...] = ()
    tables: tuple[Table, ...] = ()
    files: tuple[tuple[str, tuple[ShownFile, ...]], ...] = ()


def labels(chosen: tuple[str, ...], options: tuple[Option, ...]) -> str:
    """Give the labels of what was chosen."""
    named = {option.value: values.text(option.label) for option in options}
    return ", ".join(named.get(value, value) for value in chosen)


def municipality_names(codes: tuple[str, ...], reference: Reference) -> str:
    """Give the names of municipalities; a strange code stays as it is."""
    known = (reference.municipalities.get(reference.resolve(code) or "") for code in codes)
    return ", ".join(one.name if one else code for one, code in zip(known, codes, strict=True))
