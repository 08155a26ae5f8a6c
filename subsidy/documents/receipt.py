"""The receipt of an application (ontvangstbevestiging): everything that was entered, as one PDF.

Labels come from the round's own definition and are given in the applicant's language, so the
receipt is in Dutch or in English; a decision letter never is.
"""

import json
from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue

from subsidy.documents.letter import Addressee, Office, Part, pictures_with
from subsidy.documents.pdf import DataFile, pdf_renderer

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "title": "Ontvangstbevestiging",
        "lead": "Wij hebben uw aanvraag ontvangen. Hieronder staat alles wat u hebt ingevuld.",
        "reference": "Kenmerk",
        "received": "Ontvangen op",
        "by": "Ingediend door",
        "round": "Ronde",
        "project": "Project",
        "next": "Hoe gaat het verder?",
        "attachments": "Bijlagen",
        "file": "Bestand",
        "size": "Grootte",
        "digest": "Controlegetal (SHA-256)",
        "empty": "niet ingevuld",
        "logo": "Logo van",
        "page": "Pagina",
        "of": "van",
        "genuine": "Wilt u weten of deze brief echt van ons is? Scan de QR-code, of ga naar",
        "enter": "en vul in",
        "qr": "QR-code van",
    },
    "en": {
        "title": "Receipt of your application",
        "lead": "We have received your application. Everything that you entered is below.",
        "reference": "Reference",
        "received": "Received on",
        "by": "Submitted by",
        "round": "Round",
        "project": "Project",
        "next": "What happens next?",
        "attachments": "Attachments",
        "file": "File",
        "size": "Size",
        "digest": "Checksum (SHA-256)",
        "empty": "not filled in",
        "logo": "Logo of",
        "page": "Page",
        "of": "of",
        "genuine": "Do you want to know whether this letter is really from us? Scan the QR code, or go to",
        "enter": "and enter",
        "qr": "QR code of",
    },
}


class ReceiptRow(Part):
    """A question and its answer as shown; newlines in the answer stay."""

    label: str
    value: str


class ReceiptTable(Part):
    """Rows of cells under named columns; each row has as many cells as there are columns.

    `numeric` holds the positions of columns with numbers, `total` is a last row that stands out.
    """

    caption: str = ""
    columns: tuple[str, ...] = Field(min_length=1)
    rows: tuple[tuple[str, ...], ...] = ()
    numeric: frozenset[int] = frozenset()
    total: tuple[str, ...] = ()


class ReceiptSection(Part):
    """A section of the form in the order in which it was filled in."""

    title: str
    rows: tuple[ReceiptRow, ...] = ()
    tables: tuple[ReceiptTable, ...] = ()


class ReceiptFile(Part):
    """An attachment: name as uploaded, size as shown to people, SHA-256 in hexadecimal."""

    name: str
    size: str
    sha256: str


class ReceiptContent(Part):
    """A whole receipt. `received` is the instant as shown to people; `data` is embedded as JSON.

    `code` is for who wants to know whether it is genuine.
    """

    lang: Literal["nl", "en"]
    code: str = ""
    office: Office
    addressee: Addressee
    reference: str
    round_title: str
    application_title: str
    received: str
    submitted_by: str
    what_next: tuple[str, ...] = ()
    sections: tuple[ReceiptSection, ...]
    files: tuple[ReceiptFile, ...] = ()
    data: dict[str, JsonValue]
    created_at: AwareDatetime


def render_receipt(content: ReceiptContent) -> bytes:
    """Return the receipt as PDF/A-3a bytes, with the entered data embedded as `aanvraag.json`.

    The same content gives the same bytes. Raises RenderError (see `subsidy.documents.pdf`).
    """
    return pdf_renderer().render(
        "receipt.html",
        {"receipt": content, "lang": content.lang, "words": WORDS[content.lang]},
        styles=("document", "receipt"),
        created_at=content.created_at,
        modified_at=content.created_at,
        pictures=pictures_with(content.office, code=content.code),
        files=(
            DataFile(
                name="aanvraag.json",
                description="De ingevulde gegevens in machineleesbare vorm",
                content=json.dumps(content.data, ensure_ascii=False, indent=1, sort_keys=True).encode(),
            ),
        ),
    )
