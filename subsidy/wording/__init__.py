"""Codes become words here, at the edge; the core and the services speak in codes."""

from subsidy.wording import (
    applicant,
    assignment,
    collaboration,
    correspondence,
    decisions,
    files,
    findings,
    labels,
    meetings,
    minutes,
    office,
    pool,
    priorities,
    rebuttal,
    reviewing,
    state_aid,
)

FILTERS: dict[str, object] = {
    **labels.FILTERS,
    **findings.FILTERS,
    **applicant.FILTERS,
    **collaboration.FILTERS,
    **decisions.FILTERS,
    **office.FILTERS,
    **assignment.FILTERS,
    **reviewing.FILTERS,
    **files.FILTERS,
    **correspondence.FILTERS,
    **state_aid.FILTERS,
    **pool.FILTERS,
    **rebuttal.FILTERS,
    **meetings.FILTERS,
    **priorities.FILTERS,
    **minutes.FILTERS,
}
