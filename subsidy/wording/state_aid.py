"""Words about state aid: the regulations, and how far somebody is from a ceiling."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy.wording.labels import Words
from subsidy.wording.values import money
from workflows.state_aid import AidStanding

REGULATIONS: Words = {
    "de_minimis": _l("De-minimis"),
    "sgei": _l("SGEI"),
}


def regulation_label(code: str) -> str:
    """Under which regulation aid was given."""
    return str(REGULATIONS[code])


def aid_room_text(standing: AidStanding) -> str:
    """How much more aid fits under the ceiling, or by how much it is passed."""
    if standing.over_cents:
        return str(_("%(amount)s over the ceiling", amount=money(standing.over_cents)))
    return str(_("%(amount)s left", amount=money(standing.ceiling_cents - standing.total_cents)))


FILTERS: dict[str, object] = {"regulation_label": regulation_label, "aid_room_text": aid_room_text}
