"""Read a tagged document as a screen reader does: along its structure, never by where the ink is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

from tests.documents.reading import code_map, opened

# The marks of a list are drawn by the layout: a bullet or a number.
DRAWN = "Lbl"


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the structure: its type, depth, the text below it, and what it says of itself."""

    tag: str
    depth: int
    text: str
    language: str = ""
    scope: str = ""
    alternative: str = ""


def elements_of(pdf: bytes) -> list[Element]:
    """Give the elements in the order of the structure."""
    with opened(pdf) as document:
        texts = {page.objgen: _marked(page) for page in document.pages}
        return list(_elements(document.Root.StructTreeRoot, texts, 0))


def read_aloud(pdf: bytes) -> str:
    """Give the whole text in the order of the structure, without white space and the marks of lists.

    A table that goes on on the next page has its header again; it is read once.
    """
    with opened(pdf) as document:
        texts = {page.objgen: _marked(page) for page in document.pages}
        return squeezed(_spoken(document.Root.StructTreeRoot, texts, set()))


def squeezed(text: str) -> str:
    """Leave out white space: lines break where the layout wants."""
    return re.sub(r"\s+", "", text)


Texts = dict[tuple[int, int], dict[int, str]]


def _elements(node: pikepdf.Object, texts: Texts, depth: int) -> Iterator[Element]:
    for kid in node.get("/K", []):
        if not isinstance(kid, pikepdf.Dictionary):
            continue
        yield Element(
            tag=str(kid.S)[1:],
            depth=depth,
            text=squeezed(_spoken(kid, texts)),
            language=str(kid.get("/Lang", "")),
            scope=str(kid.A.get("/Scope", "")) if "/A" in kid else "",
            alternative=str(kid.get("/Alt", "")),
        )
        yield from _elements(kid, texts, depth + 1)


def _spoken(node: pikepdf.Object, texts: Texts, heads: set[str] | None = None) -> str:
    """Give the text below a node; with `heads`, headers of tables that are in it already are left out."""
    if node.get("/S") == f"/{DRAWN}":
        return ""
    said = ""
    for kid in node.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary):
            said += _spoken(kid, texts, heads)
        else:
            said += texts[node.Pg.objgen].get(int(kid), "")
    if heads is None or node.get("/S") != "/THead":
        return said
    again = said in heads
    heads.add(said)
    return "" if again else said


def _marked(page: pikepdf.Page) -> dict[int, str]:
    """Give the text of each marked content of a page, by its number."""
    fonts = {name: code_map(font) for name, font in page.resources.Font.items()}
    codes: dict[str, str] = {}
    inside: list[int | None] = []
    found: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                inside.append(int(operands[1].MCID) if "/MCID" in operands[1] else None)
            case "BMC":
                inside.append(None)
            case "EMC":
                inside.pop()
            case "Tf":
                codes = fonts[str(operands[0])]
            case "TJ" | "Tj":
                number = next((one for one in reversed(inside) if one is not None), None)
                if number is not None:
                    parts = operands[0] if str(operator) == "TJ" else operands
                    found[number] = found.get(number, "") + "".join(_decoded(one, codes) for one in parts)
    return found


def _decoded(part: object, codes: dict[str, str]) -> str:
    if not isinstance(part, pikepdf.String):
        return ""
    code = bytes(part).hex()
    return "".join(codes.get(code[at : at + 4], "") for at in range(0, len(code), 4))
