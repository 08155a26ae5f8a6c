"""What a page about one section works with: the section, its form, and what the round says of both."""

from dataclasses import dataclass

from flask import abort
from flask_babel import gettext as _
from wtforms import Form

from forms.applicant import section_form
from forms.choices import Offer
from subsidy import clock
from subsidy.access import allowed
from subsidy.models import Application
from subsidy.services import answers, applications
from subsidy.services.applications import NotWritableError
from subsidy.services.entries import Entry, stored_entry
from subsidy.services.reference import reference_of
from subsidy.services.snapshots import definition_of
from subsidy.views.applicant.entering import offer_for
from workflows.definition import RoundDefinition, Section
from workflows.permissions import Can
from workflows.regions import Reference


@dataclass(frozen=True, slots=True)
class Desk:
    """What a section page works with."""

    application: Application
    definition: RoundDefinition
    section: Section
    reference: Reference
    offer: Offer

    @property
    def form(self) -> type[Form]:
        """The form of the section."""
        return section_form(self.definition, self.section, self.offer)

    @property
    def stored(self) -> Entry:
        """What is stored of the section now."""
        return stored_entry(self.application, self.section)

    def in_words(self, entry: Entry) -> answers.SectionAnswers:
        """Tell the section as if this were entered, as the page would say it."""
        return answers.section_answers(
            self.section,
            entry,
            self.application.answers,
            self.definition,
            self.reference,
            names=dict(self.offer.participants),
        )


def open_desk(application: Application, section_id: str) -> Desk:
    """Find the section among those that this person may write now; else there is no such page.

    Raises NotWritableError when none is open any more, for who comes back to a form that was sent in.
    """
    may = allowed(Can.APPLICATION_EDIT) or allowed(Can.APPLICATION_SUPPLEMENT)
    definition = definition_of(application.round)
    open_now = applications.writable_sections(application, definition, now=clock.now()) if may else ()
    found = next((one for one in open_now if one.id == section_id), None)
    if found is None:
        if open_now or application.state == "draft":
            abort(404)
        raise NotWritableError
    return desk_of(application, definition, found)


def desk_of(application: Application, definition: RoundDefinition, section: Section) -> Desk:
    """Gather what belongs to a section, whether or not it can be written now."""
    reference = reference_of(application.round.reference_version)
    headings = {
        "ggd": _("GGD regions"),
        "zorgkantoor": _("Care office regions"),
        "province": _("Provinces"),
    }
    offer = offer_for(application, section, reference, headings)
    return Desk(application, definition, section, reference, offer)
