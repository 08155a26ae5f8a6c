"""One PDF of all letters that go by post, for the mail room, with a list in front and as a workbook.

It is printed on both sides: every letter begins on a right-hand page. A letter whose window lacks the address
gets a sheet with it in front. A letter whose file is damaged is left out and named in the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pypdfium2
import xlsxwriter
from flask_babel import force_locale
from sqlalchemy import select, update

from subsidy import clock
from subsidy.db import LOCK, db, reading
from subsidy.documents.letter import Addressee, Office
from subsidy.documents.letter_pictures import pictures_of
from subsidy.documents.letterhead import letterhead
from subsidy.documents.pdf import Stylesheet, pdf_renderer
from subsidy.documents.tables import harmless
from subsidy.models import Letter, MailRun, Round
from subsidy.services import file_store, mail_runs
from subsidy.services.file_store import FileDamagedError
from subsidy.services.mail_runs import NOTHING, Posted
from subsidy.wording.sending import letter_label

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = (595.28, 841.89)
COLUMNS = ("nummer", "kenmerk", "organisatie", "ter attentie van", "adres", "brief", "datum", "bladzijden",
           "adresblad", "afgedrukt")  # fmt: skip
WIDTHS = (8, 16, 36, 28, 48, 24, 12, 12, 10, 22)
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class About:
    """What a run is about: the round, and the day on which its letters are posted."""

    round_title: str
    day: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter that is in the PDF, with its number of pages (without its sheet)."""

    letter: Posted
    pages: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """The PDF of a run, what is in it, and what was left out because its file is damaged."""

    pdf: bytes
    printed: Sequence[Printed]
    damaged: Sequence[Posted]


def make_mail_run(payload: Mapping[str, Any]) -> None:
    """Outbox handler: make the PDF and the list of a run, and store them; no transaction is open meanwhile.

    Safe to run twice: what was made once stands.
    """
    run_id = payload["mail_run_id"]
    with reading():
        run = db.session.get_one(MailRun, run_id)
        if run.finished_at is not None:
            return
        round_ = db.session.get_one(Round, run.round_id)
        about = About(round_.title, run.day, run.asked_at)
        letters, office = mail_runs.to_post(round_, run.day), letterhead()
        db.session.commit()
    bundle = bundle_of(about, letters, office)
    now = clock.read()
    pdf = file_store.put(bundle.pdf, media_type=PDF, now=now) if bundle.printed else None
    table = file_store.put(workbook_of(bundle), media_type=XLSX, now=now)
    run = db.session.get_one(MailRun, run_id, with_for_update=LOCK, populate_existing=True)
    if run.finished_at is None:
        _keep(run, bundle, pdf.sha256 if pdf else None, table.sha256, now)
    db.session.commit()


def bundle_of(about: About, letters: Sequence[Posted], office: Office) -> Bundle:
    """Put the letters together in one PDF, after the list of what is in it. Raises RenderError."""
    with pypdfium2.PdfDocument.new() as letters_pdf:
        printed: list[Printed] = []
        damaged: list[Posted] = []
        sheets = _sheets(about, [one for one in letters if one.needs_sheet], office)
        for letter in letters:
            pages = _add(letters_pdf, letter, sheets.get(letter.letter_id))
            if pages is None:
                damaged.append(letter)
            else:
                printed.append(Printed(letter, pages))
        with _opened(_list(about, printed, damaged, office)) as whole:
            _fill(whole)
            if len(letters_pdf):
                whole.import_pages(letters_pdf)
            content = BytesIO()
            whole.save(content)
    return Bundle(content.getvalue(), printed, damaged)


def workbook_of(bundle: Bundle) -> bytes:
    """Give the list as a workbook (xlsx) with one sheet; what was left out stands at the end."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book, force_locale("nl"):
        sheet = book.add_worksheet("postlijst")
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
        printed = [(one.letter, one.pages, "ja") for one in bundle.printed]
        left_out = [(one, None, "nee: bestand beschadigd") for one in bundle.damaged]
        for number, (letter, pages, word) in enumerate([*printed, *left_out], start=1):
            cells = _cells(letter, number if pages else None, pages, word)
            sheet.write_row(number, 0, [harmless(cell) for cell in cells])
        sheet.freeze_panes(1, 0)
    return content.getvalue()


def _keep(run: MailRun, bundle: Bundle, pdf: str | None, table: str, now: datetime) -> None:
    """Record what was made, and in which run each letter was printed last; the run is locked."""
    ids = [one.letter.letter_id for one in bundle.printed]
    locked = select(Letter.id).where(Letter.id.in_(ids)).order_by(Letter.id).with_for_update(key_share=True)
    db.session.execute(
        update(Letter)
        .where(Letter.id.in_(db.session.scalars(locked).all()))
        .values(mail_run_id=run.id)
        .execution_options(synchronize_session=False)
    )
    run.pdf_sha256, run.list_sha256, run.finished_at = pdf, table, now
    run.letters, run.stopped = len(ids), "" if ids else NOTHING
    db.session.flush()


def _add(whole: Any, letter: Posted, sheet: bytes | None) -> int | None:
    """Add a letter after its sheet, each from a right-hand page on; None when its file is damaged."""
    try:
        found = _opened(file_store.read(letter.sha256))
    except (FileDamagedError, pypdfium2.PdfiumError):
        return None
    with found:
        if sheet is not None:
            with _opened(sheet) as one:
                whole.import_pages(one)
            _fill(whole)
        whole.import_pages(found)
        _fill(whole)
        return len(found)


def _opened(content: bytes) -> Any:
    return pypdfium2.PdfDocument(content)


def _fill(whole: Any) -> None:
    """Let the next page be a right-hand one: a blank page after an odd number."""
    if len(whole) % 2:
        whole.new_page(*A4)


def _list(about: About, printed: Sequence[Printed], damaged: Sequence[Posted], office: Office) -> bytes:
    values = {
        "run": about,
        "office": office,
        "printed": printed,
        "damaged": damaged,
        "sheets": any(one.letter.needs_sheet for one in printed),
        "kind_word": letter_label,
    }
    return _rendered("mail_list.html", values, about, ("document", "mail_run"), office)


def _sheets(about: About, letters: Sequence[Posted], office: Office) -> dict[int, bytes]:
    """Give a sheet with the address for each of these letters, by the id of the letter."""
    found = {}
    for letter in letters:
        addressee = Addressee(
            organisation=letter.organisation, attention=letter.attention, address_lines=letter.address
        )
        values = {"run": about, "office": office, "sheets": [addressee]}
        found[letter.letter_id] = _rendered(
            "mail_sheets.html", values, about, ("document", "letter", "mail_run"), office
        )
    return found


def _rendered(
    template: str, values: Mapping[str, Any], about: About, styles: tuple[Stylesheet, ...], office: Office
) -> bytes:
    with force_locale("nl"):
        return pdf_renderer().render(
            template,
            values,
            styles=styles,
            created_at=about.made_at,
            modified_at=about.made_at,
            pictures=pictures_of(office.logo_sha256),
        )


def _cells(letter: Posted, number: int | None, pages: int | None, printed: str) -> tuple[object, ...]:
    return (
        number,
        letter.reference,
        letter.organisation,
        letter.attention,
        ", ".join(letter.address),
        str(letter_label(letter.kind)),
        letter.dated.isoformat(),
        pages,
        "ja" if letter.needs_sheet else "",
        printed,
    )
