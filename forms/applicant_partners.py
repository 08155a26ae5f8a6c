"""The section about who takes part: the lead applicant and the partners, each in its domain."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField
from wtforms.validators import ValidationError

from forms.choices import Offer, choose_one
from forms.fields import KvkField, LineField, Needed
from forms.rows import Rows

MOST_PARTNERS = 60


class Participant(Form):
    """One organisation. A line without anything in it is no participant."""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed at all."""
        return not any(field.data for field in self)

    def validate_name(self, field: Field) -> None:
        """Ask for the name of a participant about whom something else was typed."""
        if not field.data and not self.blank:
            raise ValidationError(_("Fill in the name of this organisation, or leave the whole line empty."))

    def validate_domain(self, field: Field) -> None:
        """Ask for the domain of a participant with a name: it decides what the collaboration counts for."""
        if not field.data and not self.blank:
            raise ValidationError(_("Choose the domain from which this organisation takes part."))


def participant_form(offer: Offer, *, lead: bool) -> type[Form]:
    """The form of the lead applicant or of one partner."""
    fields: dict[str, Field] = {
        "name": LineField(_l("Name of the organisation"), [Needed()]),
        "domain": choose_one(_l("Takes part as"), [Needed()], offer.domains),
        "kvk": KvkField(
            _l("KvK number"),
            [Needed()] if lead else [],
            description=_l("8 digits, from the trade register."),
        ),
    }
    return type("ParticipantForm", (Participant,), fields)


def partner_fields(offer: Offer) -> dict[str, Field]:
    """Give the unbound fields: `lead`, and `partners` with a line for each."""
    return {
        "lead": FormField(participant_form(offer, lead=True), _l("Lead applicant")),
        "partners": Rows(
            FormField(participant_form(offer, lead=False), _l("Partner")),
            _l("Partners"),
            max_entries=MOST_PARTNERS,
        ),
    }
