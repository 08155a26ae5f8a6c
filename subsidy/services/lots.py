"""The lots of a round: who drew which, and which places in the ranking a lot decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subsidy.models import Round
from subsidy.services import calculations
from workflows.lots import Drawn, drawn_in, ties_of


@dataclass(frozen=True, slots=True)
class Lots:
    """All lots in order of the ranking; `titles` by reference, `ties` those that a lot decided."""

    drawn: Sequence[Drawn]
    ties: Sequence[Sequence[Drawn]]
    titles: Mapping[str, str]


def lots_of(round_: Round) -> Lots:
    """Draw the lots of a round as it is now; none where its rules draw no lots."""
    material = calculations.material_of(round_)
    drawn = drawn_in(material.round.rules, material.applications, calculations.rank(material))
    return Lots(drawn, ties_of(drawn), {one.reference: one.title for one in material.applications})
