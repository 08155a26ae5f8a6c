"""Words for a picture that is not taken, and for a letterhead that is not: why, and what to do."""

from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words

REFUSED: Words = {
    "empty": _l("%(name)s is empty. Save it again and add it."),
    "too_large": _l("%(name)s is larger than 5 MB. Make the picture smaller and add it again."),
    "kind_unknown": _l("%(name)s is no PNG or JPEG. Save it as one of these, and add it again."),
    "unreadable": _l("%(name)s is damaged: the image cannot be opened. Save it again and add it."),
    "too_many_dots": _l(
        "%(name)s has more than 16 million pixels. Save the image with fewer pixels, and add it again."
    ),
    "cannot_store": _l("%(name)s could not be stored, by a fault of ours. Nothing was saved."),
}
LETTERHEAD: Words = {
    "changed_meanwhile": _l(
        "Somebody else changed the letterhead meanwhile. Below is what you typed. "
        "Look at the versions, and save again if yours is to hold."
    ),
    "logo_without_text": _l("Say what the logo shows, for who has the letter read aloud."),
}


def refused_picture(code: str, name: str) -> str:
    """Why a picture is not taken, and what to do."""
    return str(REFUSED[code]) % {"name": name}


def letterhead_error(code: str) -> str:
    """Why a letterhead is not taken."""
    return str(LETTERHEAD[code])
