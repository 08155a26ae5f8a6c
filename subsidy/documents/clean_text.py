"""Make any text that a person typed safe to set in an archival document.

PDF/A asks that every character can be read back as Unicode and has a glyph. Control characters,
non-characters and private-use characters break that. Bidirectional overrides would let a text
reorder the words of the letter around it ("toegekend" read as "afgewezen"), so they go as well;
the plain marks that right-to-left languages need stay.
"""

import re
from collections.abc import Iterable

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# C0 and C1 controls but for tab and newline; the embedding, override and isolate controls of the
# bidirectional algorithm; line and paragraph separators are made newlines apart.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
# Lone surrogates, private use, and the non-characters at the end of each plane.
_UNPRINTABLE = re.compile(
    "[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef"
    + "".join(f"{chr((plane << 16) + 0xFFFE)}{chr((plane << 16) + 0xFFFF)}" for plane in range(15))
    + "\U000f0000-\U0010ffff]",
)
# Marks that are drawn on the letter before them. More than a few climb over the lines around, and marks that
# enclose are drawn over what follows.
_MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\ufe20-\ufe2f]"
_PILED_UP = re.compile(f"({_MARKS}{{3}}){_MARKS}+")
_ENCLOSING = re.compile("[\u20dd-\u20e4]")
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")


def printable(text: str, without: Iterable[str] = ()) -> str:
    """Return the text with line ends as newlines and nothing in it that cannot be printed where it stands.

    Characters in `without` (those for which no font has a glyph) become U+FFFD, like
    private-use characters and non-characters do: visible, so that a reader sees that something was there.
    """
    text = _LINE_END.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = _PILED_UP.sub(r"\1", _ENCLOSING.sub("", text))
    text = _UNPRINTABLE.sub(REPLACEMENT, text)
    missing = dict.fromkeys(map(ord, without), REPLACEMENT)
    return text.translate(missing) if missing else text
