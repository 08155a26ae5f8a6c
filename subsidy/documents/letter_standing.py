"""What a letter says of where an application stands: the reviews that count, its rank, a lot, the ceiling."""

from subsidy.documents.letter_facts import LetterFacts, LotFacts
from subsidy.documents.letter_language import DUTCH, Language
from workflows.values import Text

# Enough to tell one lot from all others; the page of the round has them whole.
SHOWN_OF_A_LOT = 12
ONE_REVIEW = Text(nl="1 beoordeling telt mee.", en="1 review counts.")
REVIEWS = Text(nl="{count} beoordelingen tellen mee.", en="{count} reviews count.")
CEILING = Text(
    nl="Het subsidieplafond van deze ronde is {ceiling}.",
    en="The subsidy ceiling of this round is {ceiling}.",
)
RANK = Text(
    nl="Uw aanvraag staat op plaats {rank} van de {ranked} aanvragen op de ranglijst.",
    en="Your application has place {rank} of the {ranked} applications in the ranking.",
)
DRAWN = Text(
    nl="Uw aanvraag eindigde gelijk met een andere. Daarom besliste het lot over de volgorde. Iedereen kan "
    "dat narekenen: het lot is de SHA-256 van de tekst {text}, en het kleinste lot gaat voor. De tekst "
    "vóór de dubbele punt stond vast voordat de ronde openging. Uw lot begint met {lot}.",
    en="Your application ended equal with another. So a lot decided on the order. Anyone can draw it again: "
    "the lot is the SHA-256 of the text {text}, and the smallest lot goes first. The text before the colon "
    "was fixed before the round opened. Your lot begins with {lot}.",
)


def standing_of(facts: LetterFacts, write: Language = DUTCH) -> tuple[str, ...]:
    """Tell on how many reviews the scores rest, where they put the application, and the ceiling."""
    count = write.say(ONE_REVIEW if facts.reviews == 1 else REVIEWS, count=str(facts.reviews))
    ceiling = write.say(CEILING, ceiling=write.euros(facts.round.ceiling_cents))
    if facts.rank is None:
        return (f"{count} {ceiling}",)
    rank = write.say(RANK, rank=str(facts.rank), ranked=str(facts.ranked))
    drawn = () if facts.lot is None else (_drawn(facts.lot, facts.reference, write),)
    return (f"{count} {rank} {ceiling}", *drawn)


def _drawn(lot: LotFacts, reference: str, write: Language) -> str:
    """Give the recipe of the lot, so that anyone can draw it again."""
    text = f"\N{LEFT DOUBLE QUOTATION MARK}{lot.seed}:{reference}\N{RIGHT DOUBLE QUOTATION MARK}"
    return write.say(DRAWN, text=text, lot=lot.lot[:SHOWN_OF_A_LOT])
