"""Codes become words here, at the edge; the core and the services speak in codes."""

from subsidy.wording import decisions, findings, labels

FILTERS: dict[str, object] = {**labels.FILTERS, **findings.FILTERS, **decisions.FILTERS}
