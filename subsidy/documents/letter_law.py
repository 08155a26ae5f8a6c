"""The articles that a decision rests on, for the list of its legal basis."""

import re

from subsidy.documents.letter import GroundRow
from subsidy.documents.letter_facts import LetterFacts
from subsidy.documents.letter_language import DUTCH, Language
from workflows.codes import Ground
from workflows.grounds import GROUNDS
from workflows.phrases import LetterKind

CEILING = "Awb 4:25(2)"
_NUMBER = re.compile(r"\d+:\d+")


def articles_of(facts: LetterFacts, usual: tuple[str, ...], write: Language = DUTCH) -> tuple[str, ...]:
    """Give the articles of this letter: `usual` ones of its outcome, and those of its grounds beside them.

    A withdrawal rests on the grounds that were chosen for it alone: the usual articles name every ground
    on which anything can be taken back. A rejection because of the ceiling rests on Awb 4:25(2).
    """
    named = tuple(one.article for one in facts.coded)
    if facts.outcome is LetterKind.WITHDRAWAL and named:
        return tuple(_law_first(one, write) for one in named)
    if facts.ground == Ground.CEILING:
        named = (CEILING, *named)
    known = _numbers(" ".join(usual))
    return (*usual, *(_law_first(one, write) for one in named if not _numbers(one) or _numbers(one) - known))


def coded_of(facts: LetterFacts, write: Language) -> tuple[str, ...]:
    """Give each ground of the law that the officer named, with its article.

    A decision keeps the Dutch text of its day; a ground with another text now is given as it was kept.
    """
    return tuple(
        f"{_text_of(one, write).removesuffix('.')} ({write.article(one.article)})." for one in facts.coded
    )


def _text_of(ground: GroundRow, write: Language) -> str:
    known = GROUNDS.get(ground.code)
    return write.say(known.text) if known is not None and known.text.nl == ground.text else ground.text


def _numbers(articles: str) -> set[str]:
    return set(_NUMBER.findall(articles))


def _law_first(article: str, write: Language) -> str:
    """Write an article as the others in the list stand: the law, then the number."""
    law = article.partition(" ")[0]
    words = write.article(article)
    bare = words.removesuffix(f" {law}").removesuffix(",")
    return article if bare == words else f"{law}, {bare}"
