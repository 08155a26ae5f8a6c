"""What WeasyPrint 70 leaves out of the structure of a tagged document: the scope of headers, and languages.

A screen reader tells a header of a row from one of a column by its scope, and reads a text with the voice of
its language (PDF 32000-1, 14.8.5.7 and 14.9.2).
"""

from collections.abc import Iterator
from typing import Any

from weasyprint import Document
from weasyprint.formatting_structure import boxes

SCOPES = {"row": "/Row", "col": "/Column"}


def mark_headers(document: Document) -> None:
    """Write on the header cells of each table whether they head their row or their column."""
    for box in _boxes(document):
        element = getattr(box, "mark", None)
        scope = SCOPES.get(box.element.get("scope", "")) if element is not None else None
        if scope is not None and element is not None:
            element["A"]["Scope"] = scope


def mark_languages(document: Document, pdf: Any) -> None:
    """Write the language of each text that is in another than that of the document.

    The structure has its texts in the order of the boxes that they were drawn from.
    """
    texts = [box for box in _boxes(document) if isinstance(box, boxes.TextBox)]
    language = document.metadata.lang
    if all(box.style["lang"] in {None, language} for box in texts):
        return
    leaves = list(_leaves(pdf, pdf.catalog["StructTreeRoot"]))
    if len(leaves) != len(texts):
        raise ValueError(f"a structure of {len(leaves)} texts does not fit a document of {len(texts)}")
    for leaf, box in zip(leaves, texts, strict=True):
        if box.style["lang"] not in {None, language}:
            leaf["Lang"] = f"({box.style['lang']})"


def _boxes(document: Document) -> Iterator[Any]:
    """Give every box of the pages but their margins, in the order of the structure."""
    for page in document.pages:
        yield from _within(page._page_box)  # noqa: SLF001  # there is no other way to the boxes


def _within(box: Any) -> Iterator[Any]:
    box = getattr(box, "_box", box)  # a placeholder of what stands apart
    if isinstance(box, boxes.MarginBox):
        return
    yield box
    for child in getattr(box, "children", ()):
        yield from _within(child)


def _leaves(pdf: Any, reference: bytes) -> Iterator[Any]:
    """Give the elements of the structure that hold a text and nothing else."""
    element = pdf.objects[int(reference.split()[0])]
    kids = [one for one in element.get("K", ()) if isinstance(one, bytes)]
    if not kids and element.get("S") == "/Span" and element["K"]:
        yield element
    for kid in kids:
        yield from _leaves(pdf, kid)
