"""Turn a template and plain values into an archival PDF (PDF/A-3a): tagged, with fonts embedded.

Fonts are looked up and the stylesheets parsed once per process, which keeps memory flat and the
letters quick (docs/adr). The same values give the same bytes, in any process: all dates in the file
come from the values, and the file identifier from the content.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Any, Literal, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML, Document
from weasyprint import Attachment as EmbeddedFile
from weasyprint.text.fonts import FontConfiguration

from subsidy.documents.clean_text import printable
from subsidy.documents.dutch import decimal_comma, euros, long_date, weekday_and_date
from subsidy.documents.letter_language import DUTCH
from subsidy.documents.pdf_assets import SCHEME, TEMPLATES, AssetFetcher, Picture
from subsidy.documents.pdf_structure import mark_headers, mark_languages

VARIANT = "pdf/a-3a"
LETTERS_PER_COLLECTION = 20

Stylesheet = Literal[
    "document", "letter", "receipt", "minutes", "scenarios", "mail_run", "concept", "translation"
]
STYLESHEETS: tuple[Stylesheet, ...] = (
    "document", "letter", "receipt", "minutes", "scenarios", "mail_run", "concept", "translation"
)  # fmt: skip


class RenderError(Exception):
    """A document that may not leave: it asked for a file or an address that is not ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file to embed in the document as its machine-readable form (PDF/A-3, relationship Data)."""

    name: str
    description: str
    content: bytes


class PdfRenderer:
    """One per process: the fonts, the parsed stylesheets, the templates and the images."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._fetcher = AssetFetcher()
        folder = TEMPLATES / "pdf"
        self._styles = {
            name: CSS(
                string=(folder / f"{name}.css").read_text(encoding="utf-8"),
                base_url=SCHEME,
                url_fetcher=self._fetcher,
                font_config=self._fonts,
            )
            for name in STYLESHEETS
        }
        # finalize sees every value that a template prints, so no text reaches the page uncleaned.
        self._missing: frozenset[str] = frozenset()
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self._printable,
        )
        self._templates.filters.update(
            euros=euros, long_date=long_date, weekday_and_date=weekday_and_date, decimal_comma=decimal_comma
        )
        # The layout that letters share is Dutch where nothing else is asked.
        self._templates.globals["dutch"] = DUTCH.choose
        self._images: dict[str, object] = {}
        self._lock = Lock()

    def render(
        self,
        template: str,
        values: Mapping[str, Any],
        *,
        styles: tuple[Stylesheet, ...],
        created_at: datetime,
        modified_at: datetime,
        files: tuple[DataFile, ...] = (),
        pictures: Mapping[str, Picture] | None = None,
    ) -> bytes:
        """Return the PDF of `templates/pdf/TEMPLATE` filled with `values`.

        The two aware instants become the dates of the document and of its embedded files; `pictures` come
        with this document alone, by the address that it shows them with. Raises RenderError when the document
        asks for anything but these and our own images.
        """
        values = {
            **values,
            "created": created_at.astimezone(UTC).isoformat(timespec="seconds"),
            "modified": modified_at.astimezone(UTC).isoformat(timespec="seconds"),
        }
        with self._lock:
            self._missing = frozenset()
            self._fetcher.brought = pictures or {}
            document, pdf = self._draw(template, values, styles, files)
            missing = frozenset(chr(code) for font in document.fonts.values() for code in font.missing)
            if missing:
                # PDF/A forbids the empty box of a missing glyph; the sign for an unknown character has one.
                self._missing = missing
                _, pdf = self._draw(template, values, styles, files)
            return pdf

    def html(self, template: str, values: Mapping[str, Any]) -> str:
        """Return the filled template, before layout."""
        return self._templates.get_template(f"pdf/{template}").render(values)

    def _printable(self, value: object) -> object:
        return printable(value, self._missing) if type(value) is str else value

    def _draw(
        self,
        template: str,
        values: Mapping[str, Any],
        styles: tuple[Stylesheet, ...],
        files: tuple[DataFile, ...],
    ) -> tuple[Document, bytes]:
        self._fetcher.refused.clear()
        source = HTML(string=self.html(template, values), base_url=SCHEME, url_fetcher=self._fetcher)
        images = dict(self._images)
        document = source.render(
            font_config=self._fonts,
            stylesheets=[self._styles[name] for name in styles],
            pdf_variant=VARIANT,
            cache=images,
        )
        if self._fetcher.refused:
            raise RenderError(f"{template} asked for {', '.join(self._fetcher.refused)}")
        # Our own are kept; what came with this document goes with it, so another never gets it.
        self._images.update((key, image) for key, image in images.items() if key.startswith(SCHEME))
        embedded = [
            EmbeddedFile(
                string=file.content,
                name=file.name,
                description=file.description,
                created=datetime.fromisoformat(values["created"]),
                modified=datetime.fromisoformat(values["modified"]),
                relationship="Data",
                url_fetcher=self._fetcher,
            )
            for file in files
        ]
        return document, document.write_pdf(pdf_variant=VARIANT, attachments=embedded, finisher=_finish)


class _Catalogued(Protocol):
    catalog: dict[str, Any]


def _finish(document: Document, pdf: _Catalogued) -> None:
    """Put right what WeasyPrint 70 leaves out of the structure, and that it names an attachment twice."""
    mark_headers(document)
    mark_languages(document, pdf)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


@cache
def pdf_renderer() -> PdfRenderer:
    """Return the renderer of this process."""
    return PdfRenderer()


@contextmanager
def many_documents() -> Iterator["Collector"]:
    """Render many documents in a row with the cyclic garbage collector paused.

    Call `.count()` on what it yields after each document; every 20 documents the garbage is
    collected at once. That is a little quicker, calmer, and as flat in memory as before.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield Collector()
    finally:
        if was_enabled:
            gc.enable()
        gc.collect()


class Collector:
    """Counts documents and collects garbage after every so many."""

    def __init__(self) -> None:
        self.documents = 0

    def count(self) -> None:
        """Note that one more document is done."""
        self.documents += 1
        if self.documents % LETTERS_PER_COLLECTION == 0:
            gc.collect()
