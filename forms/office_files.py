"""What an officer fills in about an application: a request to supplement, a verdict, paper that came in."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from forms.applicant_partners import MOST_PARTNERS, participant_form
from forms.choices import Offer, choose_places, choose_radio, choose_several
from forms.fields import Between, LineField, LongTextField, MoneyField, WholeNumberField
from forms.office_fields import MomentField
from forms.rows import Rows

ELIGIBLE, INELIGIBLE = "eligible", "ineligible"


def supplement_form(sections: Sequence[tuple[str, object]]) -> type[Form]:
    """Make the form that asks for what is missing; `sections` are ids with titles."""
    fields: dict[str, Field] = {
        "sections": choose_several(
            _l("Parts that can be changed"),
            [InputRequired(_l("Tick at least one part of the application."))],
            sections,
            description=_l("Only these parts are opened for the applicant."),
        ),
        "asked": LongTextField(
            _l("What is missing"),
            [DataRequired(_l("Write what is missing and what you expect."))],
            description=_l("This text goes into the mail and on the page of the applicant."),
            most=5000,
        ),
    }
    return type("SupplementForm", (Form,), fields)


def verdict_form() -> type[Form]:
    """Make the form of the verdict; the motivation goes into the letter when it is a refusal."""
    fields: dict[str, Field] = {
        "conclusion": choose_radio(
            _l("Verdict"),
            [InputRequired(_l("Choose a verdict."))],
            ((ELIGIBLE, _("Eligible")), (INELIGIBLE, _("Not eligible"))),
        ),
        "motivation": LongTextField(
            _l("Motivation"),
            [DataRequired(_l("Give the reasons for your verdict."))],
            description=_l("Say why, also where you depart from the findings. A refusal quotes this text."),
            most=5000,
        ),
    }
    return type("VerdictForm", (Form,), fields)


class ReasonForm(Form):
    """A step back needs a reason."""

    reason = LongTextField(_l("Reason"), [DataRequired(_l("Give a reason."))], most=2000)


class LeadForm(Form):
    """Who applies has to be there; an address stands on the paper itself."""

    def validate_name(self, field: Field) -> None:
        """Ask for the name."""
        if not field.data:
            raise ValidationError(_("Fill in the name of the main applicant."))

    def validate_domain(self, field: Field) -> None:
        """Ask for the domain."""
        if not field.data:
            raise ValidationError(_("Choose the domain of the main applicant."))


def paper_form(offer: Offer) -> type[Form]:
    """Make the form for an application that came in on paper."""
    lead = type("PaperLead", (LeadForm, participant_form(offer, lead=True)), {})
    fields: dict[str, Field] = {
        "received_at": MomentField(
            _l("Received"),
            [InputRequired(_l("Fill in when it was received."))],
            description=_l("The moment that counts for the closing date, also when it was too late."),
        ),
        "title": LineField(_l("Title of the project"), [DataRequired(_l("Fill in the title."))]),
        "summary": LongTextField(_l("Summary")),
        "lead": FormField(lead, _l("Main applicant")),
        "partners": Rows(
            FormField(participant_form(offer, lead=False), _l("Partner")),
            _l("Partners"),
            max_entries=MOST_PARTNERS,
        ),
        "region_name": LineField(_l("Name of the region"), [DataRequired(_l("Fill in the region."))]),
        "municipalities": choose_places(
            _l("Municipalities"),
            [InputRequired(_l("Choose at least one municipality."))],
            offer.municipalities,
        ),
        "requested_cents": MoneyField(
            _l("Amount asked"), [InputRequired(_l("Fill in the amount."))], language=offer.language
        ),
        "months": WholeNumberField(
            _l("Duration in months"), [InputRequired(_l("Fill in the duration.")), Between(1, 240)]
        ),
        "predecessor": LineField(_l("Reference of an earlier application"), most=40),
        "regiobeeld": LineField(_l("Where the regional picture is"), most=500),
        "reason": LongTextField(
            _l("Why you enter it"),
            [DataRequired(_l("Say why you enter this application."))],
            description=_l("For instance: sent by post, or handed in at the desk after closing time."),
            most=2000,
        ),
    }
    return type("PaperForm", (Form,), fields)
