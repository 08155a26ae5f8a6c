"""Who takes part: between its form and its entry."""

from dataclasses import asdict
from typing import Any

from wtforms import Form

from forms.applicant_partners import participant_form
from forms.choices import Offer
from subsidy.services.entries import ParticipantEntry, PartnersEntry


def partners_data(partners: PartnersEntry) -> dict[str, Any]:
    """Give an entry as the data of its form; the list has a line to begin with."""
    lines = [asdict(partner) for partner in partners.partners] or [{}]
    return {"partners": lines, **({"lead": asdict(partners.lead)} if partners.lead else {})}


def partners_in(form: Form) -> PartnersEntry:
    """Give what was typed in a valid form."""
    lines = (_participant(line.form) for line in form["partners"])
    return PartnersEntry(_participant(form["lead"].form), tuple(line for line in lines if line))


def partners_blanks(offer: Offer) -> dict[str, type[Form]]:
    """Give the form of an empty line for each list."""
    return {"partners": participant_form(offer, lead=False)}


def _participant(form: Form) -> ParticipantEntry | None:
    if form.blank:
        return None
    return ParticipantEntry(form["name"].data, form["domain"].data, form["kvk"].data)
