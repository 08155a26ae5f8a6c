"""Who takes part, and the state aid that they got: between their form and their entry."""

from dataclasses import asdict
from typing import Any

from wtforms import Form

from forms.applicant_aid import aid_form
from forms.applicant_partners import partner_form
from forms.choices import Offer
from subsidy.services.entries import ParticipantEntry, PartnersEntry
from subsidy.services.entries.partners import AidEntry, aid_standings
from subsidy.views.applicant.entering.reading import data_of
from workflows.definition import RoundDefinition
from workflows.state_aid import Regulation


def partners_data(partners: PartnersEntry) -> dict[str, Any]:
    """Give an entry as the data of its form; every list has a line to begin with."""
    return {
        "partners": [asdict(partner) for partner in partners.partners] or [{}],
        **({"lead": asdict(partners.lead)} if partners.lead else {}),
        "aid_received": partners.aid_received,
        "aid": [_aid_data(one) for one in partners.aid] or [{}],
    }


def partners_in(form: Form) -> PartnersEntry:
    """Give what was typed, as far as it can be read: also of a form that is not valid, for its figures."""
    lines = (_participant(entry.form) for entry in form["partners"])
    return PartnersEntry(
        _participant(form["lead"].form),
        tuple(line for line in lines if line),
        form["aid_received"].answer if "aid_received" in form else None,
        _aid(form) if "aid" in form else (),
    )


def partners_blanks(definition: RoundDefinition, offer: Offer) -> dict[str, type[Form]]:
    """Give the form of an empty line for each list."""
    return {
        "partners": partner_form(offer),
        **({"aid": aid_form(offer)} if definition.asks_state_aid else {}),
    }


def partners_figures(form: Form, offer: Offer) -> dict[str, Any]:
    """Give how far each participant is under the ceilings of state aid, once somebody said yes or no."""
    partners = partners_in(form)
    if partners.aid_received is None:
        return {}
    return {
        "on": offer.today,
        "names": {party.key: party.name for party in partners.everyone},
        "standings": aid_standings(partners, on=offer.today, asked_cents=offer.asked_cents),
    }


def _participant(form: Form) -> ParticipantEntry | None:
    if form.blank:
        return None
    return ParticipantEntry(
        form["name"].data,
        form["domain"].data,
        form["kvk"].data,
        form["key"].data,
        rsin=form["rsin"].data,
        iban=data_of(form, "iban"),
        postcode=form["postcode"].data,
    )


def _aid(form: Form) -> tuple[AidEntry, ...]:
    lines = (entry.form for entry in form["aid"])
    return tuple(
        AidEntry(
            line["participant"].data or None,
            line["regulation"].data,
            line["granted_on"].data,
            line["grantor"].data,
            line["amount"].data,
        )
        for line in lines
        if line["amount"].data is not None and line["regulation"].data in set(Regulation)
    )


def _aid_data(aid: AidEntry) -> dict[str, Any]:
    return {
        "participant": aid.participation_key,
        "regulation": aid.regulation,
        "granted_on": aid.granted_on,
        "grantor": aid.grantor,
        "amount": aid.amount_cents,
    }
