"""Codes become words here, at the edge; the core and the services speak in codes."""

from subsidy.wording import applicant, decisions, findings, labels, office

FILTERS: dict[str, object] = {
    **labels.FILTERS,
    **findings.FILTERS,
    **applicant.FILTERS,
    **decisions.FILTERS,
    **office.FILTERS,
}
