"""Words for what could not be taken over into a new application."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words

LEFT_OUT: Words = {
    "asked_otherwise": _l("Not taken over, because it is asked otherwise now: %(names)s."),
    "choice_gone": _l("Choose again, because the choices have changed: %(names)s."),
    "too_long": _l("Taken over, but longer than allowed now: %(names)s."),
    "themes": _l("Look at your themes: not all of them are in this round."),
    "places": _l("Look at your region: not every municipality is known in this round."),
    "costs": _l("Look at your costs: the kinds of cost have changed. The amounts were taken over."),
    "sources": _l("Look at who pays along: the sources have changed. The amounts were taken over."),
    "file": _l("These files were not taken over: %(names)s."),
}


def left_out_text(why: str, names: Iterable[str]) -> str:
    """One sentence for a reason, which names what it is about."""
    return str(LEFT_OUT[why]) % {"names": ", ".join(f"“{name}”" for name in names)}
