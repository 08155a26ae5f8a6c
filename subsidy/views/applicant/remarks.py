"""What does not fit yet in an application beside the checks of the office: told before it is sent in.

Text that could not be saved, a budget that does not add up, a ceiling of state aid that is passed. None of
it stops anybody from sending in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from subsidy import clock
from subsidy.models import Application
from subsidy.services.completeness import kept_sections
from subsidy.services.entries import BudgetEntry, PartnersEntry, stored_entry
from subsidy.services.entries.partners import aid_standings
from subsidy.wording.budget import finding_text
from subsidy.wording.state_aid import aid_room_text, regulation_label
from workflows.budget import budget_findings, project_years
from workflows.definition import RoundDefinition, Section

# The checks of the office say this too.
CHECKED = frozenset({"above_maximum", "below_minimum"})


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence on what does not fit, and the section in which to change it."""

    text: str
    section: Section


def remarks_on(application: Application, definition: RoundDefinition, *, now: datetime) -> list[Remark]:
    """Give what does not fit, in the order of the form; `now` (aware) is the day that aid is counted from."""
    kept = kept_sections(application)
    found = []
    for section in definition.sections:
        if section.id in kept:
            found.append(Remark(_("Text that somebody typed here is kept, but not saved yet."), section))
        own = stored_entry(application, section).own
        if isinstance(own, BudgetEntry):
            found += [Remark(text, section) for text in _budget(application, own, definition)]
        if isinstance(own, PartnersEntry) and definition.asks_state_aid:
            found += [Remark(text, section) for text in _state_aid(application, own, now)]
    return found


def _budget(application: Application, budget: BudgetEntry, definition: RoundDefinition) -> Iterator[str]:
    partners = [one.key for one in application.participations]
    years = project_years(application.months)
    for finding in budget_findings(budget, definition, partners=partners, years=years):
        if finding.code not in CHECKED:
            yield finding_text(finding)


def _state_aid(application: Application, partners: PartnersEntry, now: datetime) -> Iterator[str]:
    names = {one.key: one.name for one in application.participations}
    for standing in aid_standings(partners, on=clock.day_of(now), asked_cents=application.requested_cents):
        # What is asked now is under one of the two regulations; only earlier aid tells under which.
        if standing.over_cents and standing.earlier_cents:
            yield _(
                "%(name)s, %(regulation)s: %(room)s, counted over three years and with what you ask now.",
                name=names[standing.participant],
                regulation=regulation_label(standing.regulation),
                room=aid_room_text(standing),
            )
