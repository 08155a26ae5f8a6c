"""Who takes part, in words."""

from collections.abc import Iterator

from flask_babel import gettext as _

from subsidy.services.answers.parts import Row, Table
from subsidy.services.entries import PartnersEntry
from subsidy.wording.labels import domain_label


def partners_words(entry: PartnersEntry) -> Iterator[Row | Table]:
    """Give who takes part."""
    parties = [
        *([(_("Lead applicant"), entry.lead)] if entry.lead else []),
        *((_("Partner"), party) for party in entry.partners),
    ]
    yield Table(
        _("Who takes part"),
        (_("Part"), _("Organisation"), _("Takes part as"), _("KvK number")),
        tuple((part, party.name, domain_label(party.domain), party.kvk or "") for part, party in parties),
    )
