"""The small typed values that rules, definitions and snapshots are built of."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

GREATEST_EXPONENT = 15
MOST_DECIMALS = 15
FIRST_YEAR, LAST_YEAR = 1900, 2999


def _measurable(value: Decimal) -> Decimal:
    """Refuse what no scale or weight needs: 1E+999999 as a fraction is a number of a megabyte."""
    if value == 0:
        return Decimal(0)
    if not -MOST_DECIMALS <= value.adjusted() <= GREATEST_EXPONENT or (
        abs(value) > Decimal(10) ** GREATEST_EXPONENT
    ):
        raise ValueError(f"must be at most 1E{GREATEST_EXPONENT} and have at most {MOST_DECIMALS} decimals")
    whole, _, decimals = format(value, "f").partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) > MOST_DECIMALS:
        raise ValueError(f"must have at most {MOST_DECIMALS} decimals")
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def _on_the_calendar(value: datetime) -> datetime:
    """Keep to years that every time zone, and every database, can count in."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


Cents = Annotated[int, Field(ge=0, le=100_000_000_000_000)]
"""Euro cents."""
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""A number of people, months or things; bounded by what a database column holds."""
Ordinal = Annotated[int, Field(ge=1, le=2**31 - 1)]
Number = Annotated[Decimal, AfterValidator(_measurable)]
"""An exact decimal of at most 1E15 and 15 decimals; NaN and infinity are refused."""
Instant = Annotated[AwareDatetime, AfterValidator(_on_the_calendar)]
"""A moment with its offset."""
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
"""Id of a section, question, column or option: a key in stored JSON and a name in HTML."""
NonBlank = Annotated[str, AfterValidator(_not_blank)]


class Model(BaseModel):
    """A frozen value that knows all its fields and writes the names that its file format has."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True)


class Fault(NamedTuple):
    """What is wrong beyond the type of one field: where, a stable code, and English words."""

    place: tuple[str | int, ...]
    code: str
    message: str


def refuse(model: str, faults: Sequence[Fault]) -> None:
    """Raise ValidationError with all `faults`, each at its own place; none: do nothing.

    Raised inside a validator, pydantic puts the place of the model before each of them.
    """
    if faults:
        raise ValidationError.from_exception_data(
            model,
            [
                InitErrorDetails(
                    type=PydanticCustomError(fault.code, fault.message),
                    loc=fault.place,
                    input=None,
                )
                for fault in faults
            ],
        )


class Text(Model):
    """One text in Dutch and in English. Legal texts bind in Dutch; the English is a service."""

    nl: NonBlank
    en: NonBlank

    def in_language(self, language: str) -> str:
        """Give the text in `language` ("nl" or "en"); any other language gets Dutch."""
        return self.en if language == "en" else self.nl


_FIELD = re.compile(r"\{([a-z_]+)\}")


def placeholders(text: str) -> frozenset[str]:
    """Give the names of the `{named}` fields in `text`; any other brace is text."""
    return frozenset(_FIELD.findall(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put `values` in the `{named}` fields of `text`; raises KeyError for a field without a value.

    Not `str.format`: a definition may be typed on screen, and format strings reach attributes.
    """
    return _FIELD.sub(lambda field: values[field[1]], text)
