"""The articles that a decision rests on, for the list of its legal basis."""

import re

from subsidy.documents.dutch import article_in_words
from subsidy.documents.letter_facts import LetterFacts
from workflows.codes import Ground
from workflows.phrases import LetterKind

CEILING = "Awb 4:25(2)"
_NUMBER = re.compile(r"\d+:\d+")


def articles_of(facts: LetterFacts, usual: tuple[str, ...]) -> tuple[str, ...]:
    """Give the articles of this letter: `usual` ones of its outcome, and those of its grounds beside them.

    A withdrawal rests on the grounds that were chosen for it alone: the usual articles name every ground
    on which anything can be taken back. A rejection because of the ceiling rests on Awb 4:25(2).
    """
    named = tuple(one.article for one in facts.coded)
    if facts.outcome is LetterKind.WITHDRAWAL and named:
        return tuple(_law_first(one) for one in named)
    if facts.ground == Ground.CEILING:
        named = (CEILING, *named)
    known = _numbers(" ".join(usual))
    return (*usual, *(_law_first(one) for one in named if not _numbers(one) or _numbers(one) - known))


def _numbers(articles: str) -> set[str]:
    return set(_NUMBER.findall(articles))


def _law_first(article: str) -> str:
    """Write an article as the others in the list stand: the law, then the number."""
    law = article.partition(" ")[0]
    words = article_in_words(article)
    bare = words.removesuffix(f" {law}").removesuffix(",")
    return article if bare == words else f"{law}, {bare}"
