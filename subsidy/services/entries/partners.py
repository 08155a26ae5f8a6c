"""The section about who takes part: what was entered, read and written."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from subsidy.models import Application, Participation
from subsidy.services.entries.rows import refill


@dataclass(frozen=True, slots=True)
class ParticipantEntry:
    """One organisation in its domain; `kvk` has 8 digits."""

    name: str
    domain: str
    kvk: str | None = None


@dataclass(frozen=True, slots=True)
class PartnersEntry:
    """Who takes part; no lead while none was named."""

    lead: ParticipantEntry | None = None
    partners: tuple[ParticipantEntry, ...] = ()


def stored_partners(application: Application) -> PartnersEntry:
    """Give what is stored."""
    parties = [
        (one.lead, ParticipantEntry(one.name, one.domain, one.kvk)) for one in application.participations
    ]
    return PartnersEntry(
        next((party for lead, party in parties if lead), None),
        tuple(party for lead, party in parties if not lead),
    )


def write_partners(application: Application, partners: PartnersEntry) -> None:
    """Put this in the place of what is stored."""
    parties = [*([partners.lead] if partners.lead else []), *partners.partners]
    refill(
        application.participations,
        [{**asdict(party), "lead": party is partners.lead} for party in parties],
        Participation,
    )


def partners_lack(partners: PartnersEntry) -> Iterator[tuple[str, bool]]:
    """Give what is missing: a code, and whether it cannot be sent in without."""
    if partners.lead is None:
        yield "lead", True
    elif partners.lead.kvk is None:
        yield "lead_kvk", False
