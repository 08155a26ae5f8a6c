"""The decision letter: what it holds, in final words, and its rendering to PDF.

The renderer sees only these values: no database, no request, no definition. Sentences are composed
in `letter_text`; here they are complete, so a letter can be drawn again from its content alone.
"""

import json
from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from subsidy.documents.letter_language import LANGUAGES, Code, Language
from subsidy.documents.letter_pictures import pictures_of, qr, stored
from subsidy.documents.pdf import DataFile, Stylesheet, pdf_renderer
from subsidy.documents.pdf_assets import SCHEME, Picture
from workflows.letter_codes import printed
from workflows.phrases import LetterKind


class Part(BaseModel):
    """A piece of a document: fixed once made, with no field unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Proof(Part):
    """How anybody can ask whether a letter is genuine: its code as printed, and the page to type it in.

    `address` is that page with the code in it, which the QR code leads to.
    """

    code: str
    page: str
    address: str

    @property
    def picture_address(self) -> str:
        """Where the document finds the QR code."""
        return qr(self.address)


class Office(Part):
    """The letterhead. `logo` is the file name of one of our own images (templates/pdf/assets).

    An office with a logo of its own names it by `logo_sha256`, with its text alternative in `logo_text`.
    `check_at` is the page where anybody can ask whether a letter is genuine.
    """

    name: str
    address_lines: tuple[str, ...]
    email: str
    phone: str
    website: str = ""
    logo: str = "logo.svg"
    logo_sha256: str = ""
    logo_text: str = ""
    check_at: str = ""

    @property
    def logo_address(self) -> str:
        """Where the document finds the logo."""
        return stored(self.logo_sha256) if self.logo_sha256 else f"{SCHEME}{self.logo}"

    def proof_of(self, code: str) -> Proof | None:
        """Give what the letter with this code prints of it; a draft has none."""
        if not (code and self.check_at):
            return None
        page = self.check_at.partition("://")[2]
        return Proof(code=printed(code), page=page, address=f"{self.check_at}/{code}")


class Addressee(Part):
    """Who the letter is sent to: the lead applicant, to the attention of the authorised signatory."""

    organisation: str
    attention: str = ""
    address_lines: tuple[str, ...] = ()


class CriterionRow(Part):
    """One line of the table of scores; numbers are already written out, "" where there is none."""

    title: str
    weight: str
    score: str
    scale: str
    threshold: str = ""
    motivation: str = ""


class FindingRow(Part):
    """A requirement that was not met: which, why not, and the rule it comes from."""

    check: str
    reason: str
    basis: str
    # What an officer wrote of it; it can be long, so it stands below the table and is read in one piece.
    typed: str = ""


class GroundRow(Part):
    """A ground of the law: its code, its article as stored, and its text."""

    code: str
    article: str
    text: str


class PaymentRow(Part):
    """One payment: when, how much, under what condition."""

    when: str
    amount_cents: int = Field(ge=0)
    condition: str = ""


class RemedyClause(Part):
    """Awb 3:45: that objection or appeal is open, by whom, within which term and where.

    The last day is named. `last_day_is`, `address_is` and `holds` introduce what comes after them.
    """

    heading: str
    sentences: tuple[str, ...]
    last_day_is: str
    last_day: date
    computation: str
    address_is: str
    address_lines: tuple[str, ...]
    holds: str
    requirements: tuple[str, ...]


class Signature(Part):
    """Who signs for the authority, in what function and by which mandate (Awb 10:10).

    `picture_sha256` is the picture of their signature, for who has one.
    """

    greeting: str
    name: str
    function: str
    mandate: str = ""
    picture_sha256: str = ""

    @property
    def picture_address(self) -> str:
        """Where the document finds the picture of the signature; "" without one."""
        return stored(self.picture_sha256) if self.picture_sha256 else ""


class LetterContent(Part):
    """A whole letter. Instants are aware; amounts are euro cents; texts are plain, never markup.

    The fields from `salutation` on stand in the order in which the letter shows them. In a translation
    `in_dutch` are the texts that stay as somebody wrote them.
    """

    kind: str
    outcome: LetterKind
    concept: bool
    language: Code = "nl"
    in_dutch: frozenset[str] = frozenset()
    # For who wants to know whether the letter is genuine; "" on a concept.
    code: str = ""
    office: Office
    authority: str
    addressee: Addressee
    reference: str
    dated: date
    received_on: date
    subject: str
    round_title: str

    salutation: str
    opening: tuple[str, ...]
    summary: str
    requested_cents: int = Field(ge=0)
    amount_cents: int = Field(ge=0)
    amount_in_words: str
    # What the decision before it gave, which this one takes the place of; euro cents.
    replaced_cents: int = Field(default=0, ge=0)
    decision_sentences: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    reason: str = ""
    grounds: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    procedure: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    scores_intro: str = ""
    criteria: tuple[CriterionRow, ...] = ()
    total: str = ""
    standing: tuple[str, ...] = ()
    general_motivation: str = ""
    obligations: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    payment_schedule: tuple[PaymentRow, ...] = ()
    legal_basis: tuple[str, ...]
    remedy: RemedyClause
    closing: str
    signature: Signature

    decision: dict[str, JsonValue]
    created_at: AwareDatetime
    modified_at: AwareDatetime

    @property
    def grants(self) -> bool:
        """Whether money is awarded."""
        return self.outcome in {LetterKind.AWARD, LetterKind.PARTIAL}

    @property
    def write(self) -> Language:
        """How its language writes amounts and dates."""
        return LANGUAGES[self.language]


def pictures_with(
    office: Office, signature: Signature | None = None, *, code: str = ""
) -> dict[str, Picture]:
    """Give the pictures of a document of this office: logo, signature, and the QR code of its code.

    Raises FileDamagedError for a picture that is no longer as it was stored.
    """
    proof = office.proof_of(code)
    return pictures_of(
        office.logo_sha256,
        "" if signature is None else signature.picture_sha256,
        leads_to="" if proof is None else proof.address,
    )


def render_letter(content: LetterContent) -> bytes:
    """Return the letter as PDF/A-3a bytes, with the machine-readable decision embedded as `besluit.json`.

    A translation has none. The same content gives the same bytes. Raises RenderError (see
    `subsidy.documents.pdf`), and FileDamagedError for a logo or a signature that is no longer as it was
    stored.
    """
    return pdf_renderer().render(
        "letter.html",
        {"letter": content, "lang": content.language},
        styles=_styles(content),
        created_at=content.created_at,
        modified_at=content.modified_at,
        files=(_record(content.decision),) if content.decision else (),
        pictures=pictures_with(content.office, content.signature, code=content.code),
    )


def _styles(content: LetterContent) -> tuple[Stylesheet, ...]:
    usual: tuple[Stylesheet, ...] = ("document", "letter")
    if content.concept:
        return (*usual, "concept")
    return usual if content.language == "nl" else (*usual, "translation")


def _record(decision: dict[str, JsonValue]) -> DataFile:
    return DataFile(
        name="besluit.json",
        description="Het besluit in machineleesbare vorm",
        content=json.dumps(decision, ensure_ascii=False, indent=1, sort_keys=True).encode(),
    )
