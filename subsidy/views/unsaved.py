"""What goes along with a form that saves by itself, and choosing between two texts of one part.

The applicant's sections and the reviewer's form both carry it: which texts the page knows (`kept`, `parked`),
which versions it showed, and, after a clash, what was chosen.
"""

from dataclasses import dataclass
from hashlib import sha256

from flask import request

from subsidy.services import drafting
from subsidy.services.drafting import Typed
from subsidy.services.entries.merging import Parts, mark_of, with_marks

# What goes with a form and nobody typed: which texts this page knows, and the button that was pressed.
KEPT, PARKED = "kept", "parked"
CHOICE, SHOWN = "choice-", "shown-"
AROUND = {"csrf_token", "then", KEPT, PARKED}
THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Choice:
    """A part that two people wrote: what differs (label, mine, theirs), and the mark of what is saved."""

    part: str
    rows: tuple[tuple[str, str, str], ...]
    mark: str


def typed_now() -> Typed:
    """Give what was typed in the form that was sent."""
    return drafting.typed_from(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in AROUND and not name.startswith((CHOICE, SHOWN))
    )


def parked_here(secret: str) -> str:
    """Name the cookie by which a browser shows that it sent the form parked under this secret."""
    return f"{PARKED}-{sha256(secret.encode()).hexdigest()[:16]}"


def parked_secret() -> str:
    """Give the secret of the parked form that this page asks for, when this browser sent that form."""
    secret = request.args.get(PARKED, "")
    return secret if parked_here(secret) in request.cookies else ""


def choices_in() -> dict[str, str]:
    """Give what was chosen for each part that clashed, by the name of the part: mine or theirs."""
    return {
        name.removeprefix(CHOICE): value for name, value in request.form.items() if name.startswith(CHOICE)
    }


def seen_after_choosing(seen: str, parts: Parts) -> str:
    """Give the marks of a page on which was chosen: its text replaces the one it showed, or gives way."""
    return with_marks(
        seen,
        {
            part: mark_of(parts.get(part)) if chosen == THEIRS else request.form.get(SHOWN + part, "")
            for part, chosen in choices_in().items()
        },
    )
