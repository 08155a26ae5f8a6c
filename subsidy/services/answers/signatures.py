"""Who confirmed that their organisation takes part, in words."""

from flask_babel import gettext as _

from subsidy.models import Application
from subsidy.services import signatures
from subsidy.services.answers.parts import SectionAnswers, Table
from subsidy.wording import values
from subsidy.wording.collaboration import signature_state_label


def signature_words(application: Application) -> tuple[SectionAnswers, ...]:
    """Give the confirmations as a section after those of the form; none when the round asks none."""
    standing = signatures.standing(application)
    if not standing:
        return ()
    lines = []
    for one in standing:
        signed = one.signature
        said = (
            (signed.name, signed.position, values.instant(signed.signed_at), signed.statement_name or "")
            if signed
            else ("", "", "", "")
        )
        lines.append((one.participation.name, signature_state_label(one.state), *said))
    table = Table(
        _("Who confirmed"),
        (
            _("Organisation"),
            _("State"),
            _("Signed by"),
            _("Function"),
            _("Confirmed on"),
            _("Signed statement"),
        ),
        tuple(lines),
    )
    return (SectionAnswers("signatures", _("Confirmations by the partners"), tables=(table,)),)
