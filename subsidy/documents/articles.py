"""The article of a law as a sentence names it, in the words of a language."""

import re
from typing import NamedTuple

_ARTICLE = re.compile(r"(?P<number>\d+:\d+)(?:\((?P<paragraph>[1-6])\))?(?:\((?P<part>[a-z])\))?")


class ArticleWords(NamedTuple):
    """The words of a language around the numbers of an article; `ordinals` are the first to the sixth."""

    article: str
    articles: str
    last: str
    ordinals: tuple[str, ...]
    paragraph: str
    part: str


def written(article: str, words: ArticleWords) -> str:
    """Write a stored article (`Awb 4:35(1)(a)`) in these words; several are divided by commas.

    Anything else is given as it is.
    """
    law, _, numbers = article.partition(" ")
    found = [_ARTICLE.fullmatch(one.strip()) for one in numbers.split(",")]
    if not law or None in found:
        return article
    *first, last = [_one(one, words) for one in found if one is not None]
    if first:
        return f"{words.articles} {', '.join(first)} {words.last} {last} {law}"
    return f"{words.article} {last}{',' if ',' in last else ''} {law}"


def _one(found: re.Match[str], words: ArticleWords) -> str:
    parts = [found["number"]]
    if found["paragraph"]:
        parts.append(f"{words.ordinals[int(found['paragraph']) - 1]} {words.paragraph}")
    if found["part"]:
        parts.append(f"{words.part} {found['part']}")
    return ", ".join(parts)
