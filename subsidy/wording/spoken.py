"""The language of an answer, found once for a page instead of once for a word.

Flask-Babel keeps what it chose in a namespace on `g`, with a slot for the translations that
`force_locale` empties and restores; finding both again for each of a few hundred words took a tenth of
the time of a page.
"""

from gettext import NullTranslations

from flask import g, has_app_context
from flask_babel import get_locale, get_translations

PLACE, SLOT = "_flask_babel", "babel_translations"


def translations() -> NullTranslations:
    """The catalogue for the language of this answer, or the one that a job chose."""
    if not has_app_context():
        return NullTranslations()
    found: NullTranslations | None = getattr(g.get(PLACE), SLOT, None)
    if found is None:
        found = get_translations()
        setattr(g.get(PLACE), SLOT, found)
    return found


def gettext(message: str) -> str:
    """The word in the language of the page."""
    return translations().gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The word for one or for many."""
    return translations().ngettext(singular, plural, number)


def language() -> str:
    """The language of this answer: nl or en."""
    if not has_app_context():
        return "nl"
    locale = getattr(g.get(PLACE), "babel_locale", None) or get_locale()
    return str(locale.language)
