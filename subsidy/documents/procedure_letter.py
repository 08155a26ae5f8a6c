"""A letter of the procedure: what it holds, in final words, and its rendering to PDF.

As with a decision letter the renderer sees only these values, so it can be drawn again from its content.
"""

from datetime import date

from pydantic import AwareDatetime

from subsidy.documents.letter import Addressee, Office, Part, Signature, pictures_with
from subsidy.documents.pdf import pdf_renderer
from workflows.correspondence import ProcedureKind


class Chapter(Part):
    """Texts under a heading; `typed` are the words of an officer with their lines, `items` a list."""

    heading: str
    texts: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    # Announces the list.
    leads: str = ""
    items: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class LastDay(Part):
    """Until when the reader can react, or the office decides, and how that day was counted."""

    label: str
    day: date
    computation: tuple[str, ...]


class ProcedureContent(Part):
    """A whole letter. Texts are plain Dutch, never markup; from `salutation` on in the order of the letter.

    It says what is asked or what follows (`chapters`), until when, how to react, what follows otherwise
    (`otherwise`), and last the law.
    """

    kind: ProcedureKind
    # For who wants to know whether the letter is genuine.
    code: str
    office: Office
    # The office signs: no decision is taken in the name of the authority.
    authority: str = ""
    addressee: Addressee
    reference: str
    dated: date
    received_on: date
    subject: str
    round_title: str

    salutation: str = "Geachte heer of mevrouw,"
    opening: tuple[str, ...]
    summary: str
    chapters: tuple[Chapter, ...]
    last_day: LastDay | None = None
    reacting: Chapter | None = None
    otherwise: tuple[Chapter, ...] = ()
    legal_basis: tuple[str, ...] = ()
    closing: str
    signature: Signature

    created_at: AwareDatetime


def render_procedure_letter(content: ProcedureContent) -> bytes:
    """Return the letter as PDF/A-3a bytes; the same content gives the same bytes.

    Raises RenderError (see `subsidy.documents.pdf`), and FileDamagedError for a logo that is not as stored.
    """
    return pdf_renderer().render(
        "procedure_letter.html",
        {"letter": content},
        styles=("document", "letter"),
        created_at=content.created_at,
        modified_at=content.created_at,
        pictures=pictures_with(content.office, content.signature, code=content.code),
    )
