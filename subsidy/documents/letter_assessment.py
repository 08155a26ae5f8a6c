"""The tables of a letter on what was weighed: the scores per criterion, and the requirements not met."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from subsidy.documents.letter import CriterionRow, FindingRow
from subsidy.documents.letter_facts import CriterionFacts, LetterFacts
from subsidy.documents.letter_language import Language
from subsidy.documents.letter_values import Filler
from workflows.codes import Check
from workflows.phrases import LetterPhrases
from workflows.values import Text

CHECK_TITLES: Mapping[Check, Text] = MappingProxyType(
    {
        Check.IN_TIME: Text(nl="Op tijd", en="In time"),
        Check.DOMAINS: Text(nl="Aantal domeinen", en="Number of domains"),
        Check.REQUIRED_DOMAINS: Text(nl="Verplichte domeinen", en="Required domains"),
        Check.SCALE: Text(nl="Schaal van de regio", en="Scale of the region"),
        Check.AREA: Text(nl="Gebied", en="Area"),
        Check.INHABITANTS: Text(nl="Aantal inwoners", en="Number of inhabitants"),
        Check.MUNICIPALITIES: Text(nl="Aantal gemeenten", en="Number of municipalities"),
        Check.AMOUNT: Text(nl="Bedrag", en="Amount"),
        Check.MONTHS: Text(nl="Looptijd", en="Duration"),
        Check.REGIOBEELD: Text(nl="Regiobeeld", en="Regional picture"),
        Check.PREDECESSOR: Text(nl="Eerdere subsidie", en="Earlier subsidy"),
        Check.ONE_PER_LEAD: Text(nl="Eén aanvraag per organisatie", en="One application per organisation"),
        Check.ONE_PER_REGION: Text(nl="Eén aanvraag per regio", en="One application per region"),
    }
)
SCALE = Text(nl="van {worst} tot {best} (best)", en="from {worst} to {best} (best)")


def criterion_rows(facts: LetterFacts, write: Language) -> tuple[CriterionRow, ...]:
    """Give a line of the table of scores for each criterion; its weight as a share of all."""
    whole = sum(one.weight for one in facts.criteria)
    return tuple(_criterion_row(one, 100 * one.weight / whole, write) for one in facts.criteria)


def finding_rows(
    facts: LetterFacts, phrases: LetterPhrases, words: Filler, write: Language
) -> tuple[FindingRow, ...]:
    """Give a line for each requirement that was not met."""
    return tuple(
        FindingRow(
            check=write.say(CHECK_TITLES[Check(one.check)]),
            reason=" ".join(filter(None, (words(phrases.findings[Check(one.check)]), one.detail))),
            typed=one.typed,
            basis=one.basis,
        )
        for one in facts.findings
    )


def _criterion_row(row: CriterionFacts, share: Decimal, write: Language) -> CriterionRow:
    return CriterionRow(
        title=row.title,
        weight=f"{write.number(share, 0 if share == share.to_integral_value() else 1)}%",
        score=write.score(row.value, 2) or "",
        scale=write.say(SCALE, worst=write.number(row.worst), best=write.number(row.best)),
        threshold=write.score(row.threshold) or "",
        motivation=row.motivation.strip(),
    )
