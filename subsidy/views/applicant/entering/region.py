"""The region: between its form and its entry."""

from typing import Any

from wtforms import Form

from forms.applicant_region import is_neighbourhood, neighbourhood_codes
from subsidy.models import Application
from subsidy.services.entries import RegionEntry
from subsidy.services.region_overview import RegionOverview, overview_of
from subsidy.views.applicant.entering.reading import data_of
from workflows.regions import Reference


def region_data(region: RegionEntry) -> dict[str, Any]:
    """Give an entry as the data of its form."""
    return {
        "region_name": region.name,
        "municipalities": region.municipalities,
        "neighbourhoods": "\n".join(region.neighbourhoods),
        "inhabitants": region.inhabitants,
    }


def region_in(form: Form) -> RegionEntry:
    """Give what was typed in a valid form."""
    return RegionEntry(
        form["region_name"].data,
        tuple(form["municipalities"].data),
        neighbourhood_codes(data_of(form, "neighbourhoods") or ""),
        data_of(form, "inhabitants"),
    )


def region_figures(form: Form, application: Application, reference: Reference) -> RegionOverview | None:
    """Give what follows from the region as far as it can be read, also of a form that is not valid."""
    field = form["municipalities"]
    region = RegionEntry(
        form["region_name"].data or "",
        tuple(dict.fromkeys([*field.renewed, *(field.data or ())])),
        tuple(filter(is_neighbourhood, neighbourhood_codes(data_of(form, "neighbourhoods") or ""))),
        data_of(form, "inhabitants"),
    )
    return overview_of(application, region, reference)
