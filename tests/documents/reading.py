"""Read back what a PDF says, with pikepdf alone, so that the tests need no program outside Python."""

import io
import re
from collections.abc import Iterator

import pikepdf

_CODE_TO_TEXT = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All text in drawing order, white space folded to one space; lines are separated by a space."""
    with opened(pdf) as document:
        return " ".join(" ".join(_lines(page)) for page in document.pages).replace("\N{NO-BREAK SPACE}", " ")


def _lines(page: pikepdf.Page) -> Iterator[str]:
    fonts = {name: code_map(font) for name, font in page.resources.Font.items()}
    codes: dict[str, str] = {}
    line = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                codes = fonts[str(operands[0])]
            case "TJ" | "Tj":
                parts = operands[0] if str(operator) == "TJ" else operands
                for part in parts:
                    if isinstance(part, pikepdf.String):
                        code = bytes(part).hex()
                        line += "".join(codes.get(code[at : at + 4], "") for at in range(0, len(code), 4))
            case "ET":
                yield re.sub(r"\s+", " ", line.strip())
                line = ""


def code_map(font: pikepdf.Object) -> dict[str, str]:
    cmap = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = "".join(re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL))
    return {
        code.lower(): bytes.fromhex(text).decode("utf-16-be", "ignore")
        for code, text in _CODE_TO_TEXT.findall(pairs)
    }


def tags_of(pdf: bytes) -> list[str]:
    """The structure types in the tree, in order, without the slash."""
    with opened(pdf) as document:
        return [str(node.S)[1:] for node in _nodes(document.Root.StructTreeRoot)]


def figure_texts(pdf: bytes) -> list[str]:
    """The alternative text of each figure."""
    with opened(pdf) as document:
        return [str(node.Alt) for node in _nodes(document.Root.StructTreeRoot) if node.S == "/Figure"]


def _nodes(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    if "/S" in node and node.get("/Type") == "/StructElem":
        yield node
    for kid in node.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary):
            yield from _nodes(kid)


def bookmarks_of(pdf: bytes) -> list[str]:
    with opened(pdf) as document, document.open_outline() as outline:
        return [line for item in outline.root for line in _titles(item)]


def _titles(item: pikepdf.OutlineItem) -> Iterator[str]:
    yield str(item.title)
    for child in item.children:
        yield from _titles(child)


def attached(pdf: bytes, name: str) -> bytes:
    with opened(pdf) as document:
        return document.attachments[name].get_file().read_bytes()


def attached_names(pdf: bytes) -> list[str]:
    """The names of the files inside."""
    with opened(pdf) as document:
        return list(document.attachments)
