"""What a letter says of where an application stands: the reviews that count, its rank, a lot, the ceiling."""

from subsidy.documents.dutch import euros
from subsidy.documents.letter_facts import LetterFacts, LotFacts

# Enough to tell one lot from all others; the page of the round has them whole.
SHOWN_OF_A_LOT = 12


def standing_of(facts: LetterFacts) -> tuple[str, ...]:
    """Tell on how many reviews the scores rest, where they put the application, and the ceiling."""
    count = f"{facts.reviews} {'beoordeling telt' if facts.reviews == 1 else 'beoordelingen tellen'} mee."
    ceiling = f"Het subsidieplafond van deze ronde is {euros(facts.round.ceiling_cents)}."
    if facts.rank is None:
        return (f"{count} {ceiling}",)
    rank = f"Uw aanvraag staat op plaats {facts.rank} van de {facts.ranked} aanvragen op de ranglijst."
    drawn = () if facts.lot is None else (_drawn(facts.lot, facts.reference),)
    return (f"{count} {rank} {ceiling}", *drawn)


def _drawn(lot: LotFacts, reference: str) -> str:
    """Give the recipe of the lot, so that anyone can draw it again."""
    text = f"\N{LEFT DOUBLE QUOTATION MARK}{lot.seed}:{reference}\N{RIGHT DOUBLE QUOTATION MARK}"
    return (
        "Uw aanvraag eindigde gelijk met een andere. Daarom besliste het lot over de volgorde. Iedereen kan "
        f"dat narekenen: het lot is de SHA-256 van de tekst {text}, en het kleinste lot gaat voor. De tekst "
        "vóór de dubbele punt stond vast voordat de ronde openging. Uw lot begint met "
        f"{lot.lot[:SHOWN_OF_A_LOT]}."
    )
