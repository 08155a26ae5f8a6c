"""The section about who takes part: the lead applicant and the partners, each in its domain.

What they got of state aid is asked with it, see forms/applicant_aid.py.
"""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField
from wtforms.validators import ValidationError

from forms.applicant_aid import aid_fields
from forms.choices import Offer, choose_one
from forms.fields import LineField, Needed
from forms.numbers import IbanField, KeyField, KvkField, PostcodeField, RsinField
from forms.rows import Rows, typed
from workflows.definition import RoundDefinition

MOST_PARTNERS = 60


class Participant(Form):
    """One organisation. A line without anything typed in it is no participant."""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed at all, not even something that cannot be read."""
        return not any(typed(field) for field in self if not isinstance(field, KeyField))

    def validate_name(self, field: Field) -> None:
        """Ask for the name of a participant about whom something else was typed."""
        if not field.data and not self.blank:
            raise ValidationError(_("Fill in the name of this organisation, or leave the whole line empty."))

    def validate_domain(self, field: Field) -> None:
        """Ask for the domain of a participant with a name: it decides what the collaboration counts for."""
        if not field.data and not self.blank:
            raise ValidationError(_("Choose the domain from which this organisation takes part."))


class LeadApplicant(Participant):
    """The organisation that applies; there is always one, so its line is never left empty."""

    def validate_name(self, field: Field) -> None:
        """Ask for the name as soon as something else was typed."""
        if not field.data and not self.blank:
            raise ValidationError(_("Fill in the name of the organisation that receives the money."))


class PartnersForm(Form):
    """What has to fit together: every line has a key of its own, and every organisation one line."""

    @property
    def participants(self) -> Iterator[Form]:
        """The lead applicant and the partners, as typed, without empty lines."""
        return (line for line in self._lines if not line.blank)

    @property
    def _lines(self) -> Iterator[Form]:
        yield self["lead"].form
        yield from (entry.form for entry in self["partners"])

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read what was typed; a second line with the same key gets a new one."""
        super().process(*args, **kwargs)
        taken: set[str] = set()
        for line in self._lines:
            if line["key"].data in taken:
                line["key"].renew()
            taken.add(line["key"].data)
        if "aid" in self:
            self["aid"].offer([(line["key"].data, line["name"].data) for line in self.participants])

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse the same organisation twice, at the second line."""
        valid: bool = super().validate(*args, **kwargs)
        names: dict[str, str] = {}
        for line in self.participants:
            kvk = line["kvk"].data
            if kvk in names:
                line["kvk"].errors = [
                    _(
                        "%(name)s is in this list already with this number. "
                        "Leave out one of the two, or correct the number.",
                        name=names[kvk],
                    )
                ]
                valid = False
            elif kvk:
                names[kvk] = line["name"].data
        return valid


def participant_form(offer: Offer, *, lead: bool) -> type[Form]:
    """The form of the lead applicant or of one partner, with what the checks need to know of them."""
    return type("ParticipantForm", (_kind(lead=lead),), _known_by(offer, lead=lead))


def partner_fields(definition: RoundDefinition, offer: Offer) -> dict[str, Field]:
    """Give the unbound fields: `lead`, `partners` with a line for each, and what they got of state aid."""
    return {
        "lead": FormField(_applicant_form(offer, lead=True), _l("Lead applicant")),
        "partners": Rows(FormField(partner_form(offer)), _l("Partners"), max_entries=MOST_PARTNERS),
        **(aid_fields(offer) if definition.asks_state_aid else {}),
    }


def partner_form(offer: Offer) -> type[Form]:
    """The form of one partner."""
    return _applicant_form(offer, lead=False)


def _applicant_form(offer: Offer, *, lead: bool) -> type[Form]:
    """The form of one participant who applies here; an account number only of who receives the money."""
    fields = {"key": KeyField(), **_known_by(offer, lead=lead)}
    if lead:
        fields["iban"] = IbanField(
            _l("Account number (IBAN)"),
            [Needed()],
            description=_l("The subsidy is paid to this account. It is in the name of the lead applicant."),
        )
    fields["rsin"] = RsinField(
        _l("RSIN"), description=_l("9 digits, on the extract from the trade register.")
    )
    fields["postcode"] = PostcodeField(_l("Postcode"), description=_l("Of the office, such as 2712 HR."))
    return type("ParticipantForm", (_kind(lead=lead),), fields)


def _kind(*, lead: bool) -> type[Participant]:
    return LeadApplicant if lead else Participant


def _known_by(offer: Offer, *, lead: bool) -> dict[str, Field]:
    return {
        "name": LineField(_l("Name of the organisation"), [Needed()]),
        "domain": choose_one(_l("Takes part as"), [Needed()], offer.domains),
        "kvk": KvkField(
            _l("KvK number"),
            [Needed()] if lead else [],
            # Once is enough: below a line of a list it would push the fields apart.
            description=_l("8 digits, from the trade register.") if lead else "",
        ),
    }
