"""The pages on which the words of letters are written: one for each kind, and those for what kinds share."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from flask_babel import gettext as _

from subsidy.wording.labels import outcome_label
from workflows.letter_words import Spot, spots_of, spots_of_kind
from workflows.phrases import LetterKind, Place

Shared = Literal["frame", "assessment", "grounds", "findings", "amounts", "remedy"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its address, and the kind of letter or the shared part that it is about."""

    address: str
    about: LetterKind | Shared

    @property
    def kind(self) -> LetterKind | None:
        """The kind of letter; None for what kinds share."""
        return self.about if isinstance(self.about, LetterKind) else None

    @property
    def title(self) -> str:
        """What the page is called."""
        if isinstance(self.about, LetterKind):
            return outcome_label(self.about)
        titles: dict[Shared, str] = {
            "frame": _("Beginning and end of every letter"),
            "assessment": _("How the application was handled, and the advice"),
            "grounds": _("Grounds of refusal"),
            "findings": _("Requirements that were not met"),
            "amounts": _("Obligations and payment"),
            "remedy": _("Objecting"),
        }
        return titles[self.about]

    def spots(self, classes: int) -> tuple[Spot, ...]:
        """The places that are written here; `classes` is how many classes of amounts there are."""
        if isinstance(self.about, LetterKind):
            return tuple(spots_of_kind(self.about))
        begins = BEGINS[self.about]
        return tuple(one for one in spots_of(classes) if one.place[0] in begins)


BEGINS: Mapping[Shared, frozenset[str]] = MappingProxyType(
    {
        "frame": frozenset({"scheme", "salutation", "legal_basis", "closing", "signature"}),
        "assessment": frozenset({"procedure", "advice", "scores"}),
        "grounds": frozenset({"grounds"}),
        "findings": frozenset({"findings"}),
        "amounts": frozenset({"amount_classes"}),
        "remedy": frozenset({"remedy"}),
    }
)
PAGES: tuple[Page, ...] = (
    Page("toekenning", LetterKind.AWARD),
    Page("deel-toekenning", LetterKind.PARTIAL),
    Page("afwijzing", LetterKind.REJECT),
    Page("reservelijst", LetterKind.RESERVE),
    Page("niet-behandeld", LetterKind.NOT_PROCESSED),
    Page("intrekking", LetterKind.WITHDRAWAL),
    Page("begin-en-slot", "frame"),
    Page("behandeling-en-advies", "assessment"),
    Page("gronden", "grounds"),
    Page("eisen", "findings"),
    Page("verplichtingen-en-betaling", "amounts"),
    Page("bezwaar", "remedy"),
)


def page_at(address: str) -> Page | None:
    """Find the page with this address."""
    return next((one for one in PAGES if one.address == address), None)


def page_of_kind(kind: LetterKind) -> Page:
    """Give the page of a kind of letter."""
    return next(one for one in PAGES if one.about is kind)


def page_with(place: Place) -> Page:
    """Give the page on which a place is written."""
    if place[0] == "outcomes":
        return page_of_kind(LetterKind(str(place[1])))
    return next(one for one in PAGES if one.kind is None and place[0] in BEGINS[one.about])  # type: ignore[index]
