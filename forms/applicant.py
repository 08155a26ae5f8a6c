"""The form of one section of an application, made from the definition of the round.

What a section asks by itself (title, partners, region, budget) has fields of fixed names; its questions
follow, see forms/applicant_questions.py. A draft may be incomplete, so a form refuses only what cannot
be understood; what is missing is told elsewhere.
"""

from collections.abc import Callable, Mapping

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField

from forms.applicant_budget import budget_fields
from forms.applicant_partners import PartnersForm, partner_fields
from forms.applicant_project import project_fields
from forms.applicant_questions import question_fields
from forms.applicant_region import RegionForm, change_area, region_fields
from forms.choices import Offer
from forms.fields import LongTextField
from forms.rows import change_rows
from workflows.definition import RoundDefinition, Section, SectionKind

LONGEST_REASON = 5000

Build = Callable[[RoundDefinition, Offer], dict[str, Field]]

OWN_FIELDS: Mapping[SectionKind, Build] = {
    SectionKind.PROJECT: project_fields,
    SectionKind.PARTNERS: partner_fields,
    SectionKind.REGION: region_fields,
    SectionKind.BUDGET: budget_fields,
}
# What has to fit together in a section.
FORMS: Mapping[SectionKind, type[Form]] = {
    SectionKind.PARTNERS: PartnersForm,
    SectionKind.REGION: RegionForm,
}


def section_form(definition: RoundDefinition, section: Section, offer: Offer) -> type[Form]:
    """Make the form of a section; `seen` carries what the page showed, so that a clash is noticed."""
    own = OWN_FIELDS.get(section.kind)
    fields = {
        "seen": HiddenField(),
        **(own(definition, offer) if own else {}),
        **question_fields(section.questions, offer),
    }
    return type("SectionForm", (FORMS.get(section.kind, Form),), fields)


def press_button(form: Form, pressed: Mapping[str, str], areas: Mapping[str, tuple[str, ...]]) -> bool:
    """Do what a button inside the form asks, without scripts; false when the form is to be saved.

    `areas` gives the municipalities of each larger area that can be added or taken away at once.
    """
    if "area" in form and ("add_area" in pressed or "remove_area" in pressed):
        change_area(form, areas.get(form["area"].data or "", ()), add="add_area" in pressed)
        return True
    return change_rows(form, add=pressed.get("add"), remove=pressed.get("remove")) or "recount" in pressed


class WithdrawForm(Form):
    """Why an application is withdrawn."""

    reason = LongTextField(
        _l("Why do you withdraw the application?"),
        most=LONGEST_REASON,
        description=_l("You need not give a reason. What you write goes to the subsidy office."),
    )
