"""Words for attachments: what a question takes, why a file is refused and what to do, what a scan found."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.values import size
from workflows.definition import FileKind

ACCEPTED: Words = {
    "pdf": _l("PDF"),
    "office": _l("documents of an Office program without macros (docx, xlsx, pptx, odt, ods, odp)"),
    "image": _l("images (png, jpg)"),
}
REFUSED: Words = {
    "empty": _l("%(name)s is empty. Save it again and add it."),
    "too_large": _l("%(name)s is too large: a file may be at most %(most)s. Make it smaller or split it."),
    "too_many": _l("%(name)s was not added: at most %(most)s files fit here. Remove another one first."),
    "cannot_store": _l("%(name)s could not be stored, by a fault of ours. Nothing was saved."),
    "kind_unknown": _l(
        "%(name)s is no file that we can take. Here you can add: %(accepted)s. "
        "Save it as one of these, and add it again."
    ),
    "kind_not_here": _l(
        "%(name)s is of another kind than is asked. Here you can add: %(accepted)s. "
        "Save it as one of these, and add it again."
    ),
    "image_unreadable": _l("%(name)s is damaged: the image cannot be opened. Save it again and add it."),
    "image_too_large": _l(
        "%(name)s has more than 50 million pixels. Save the image with fewer pixels, and add it again."
    ),
    "pdf_runs": _l(
        "%(name)s holds a script or a command. Open it, choose print and then save as PDF, and add that file."
    ),
    "pdf_locked": _l("%(name)s asks for a password. Save it without a password, and add it again."),
}
SCANS: Words = {
    "unscanned": _l("Not scanned for viruses"),
    "waiting": _l("Being scanned for viruses"),
    "clean": _l("No virus found"),
    "infected": _l("Virus found: locked"),
}
SCAN_TONES = {"unscanned": "warning", "waiting": "info", "clean": "positive", "infected": "negative"}


def accepted_kinds(accepts: Iterable[FileKind]) -> str:
    """What a question takes, as one phrase."""
    words = [str(ACCEPTED[kind]) for kind in accepts]
    return (
        words[0] if len(words) == 1 else _("%(some)s or %(last)s", some=", ".join(words[:-1]), last=words[-1])
    )


def refused_file(
    code: str, params: Mapping[str, int], name: str, accepts: Iterable[FileKind] = FileKind
) -> str:
    """Why a file is not taken, and what to do."""
    most = params.get("most", 0)
    shown = size(most) if code == "too_large" else most
    return str(REFUSED[code]) % {"name": name, "most": shown, "accepted": accepted_kinds(accepts)}


FILTERS: dict[str, object] = {
    "accepted_kinds": accepted_kinds,
    "scan_label": lambda code: str(SCANS[code]),
    "scan_tone": SCAN_TONES.__getitem__,
}
