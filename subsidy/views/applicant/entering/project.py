"""The project: between its form and its entry."""

from dataclasses import asdict
from typing import Any

from wtforms import Form

from subsidy.services.entries import ProjectEntry
from subsidy.views.applicant.entering.reading import data_of


def project_data(project: ProjectEntry) -> dict[str, Any]:
    """Give an entry as the data of its form."""
    return asdict(project)


def project_in(form: Form) -> ProjectEntry:
    """Give what was typed in a valid form."""
    return ProjectEntry(
        form["title"].data,
        form["summary"].data,
        form["months"].data,
        tuple(data_of(form, "themes") or ()),
        data_of(form, "predecessor") or None,
        data_of(form, "regiobeeld") or None,
    )
