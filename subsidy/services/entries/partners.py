"""The section about who takes part, and what they got of state aid: what was entered, read and written."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date

from subsidy.db import db
from subsidy.models import AidReceived, Application, Participation
from subsidy.models.applications import new_key
from subsidy.services.entries.rows import refill
from workflows.definition import OWN_ANSWER, RoundDefinition
from workflows.state_aid import Aid, AidStanding, Regulation, standings

# Whether anybody got aid has no column: no lines may mean none, or not answered yet.
AID_ANSWER = f"{OWN_ANSWER}aid_received"


@dataclass(frozen=True, slots=True)
class ParticipantEntry:
    """One organisation in its domain; `key` names it in this application, also when its name changes.

    `kvk` has 8 digits, `rsin` 9, `iban` no spaces, `postcode` is written as 1234 AB.
    """

    name: str
    domain: str
    kvk: str | None = None
    key: str = field(default_factory=new_key)
    rsin: str | None = None
    iban: str | None = None
    postcode: str | None = None


@dataclass(frozen=True, slots=True)
class AidEntry:
    """State aid that a participant got; `regulation` is de_minimis or sgei, the amount is in cents."""

    participation_key: str | None
    regulation: str
    granted_on: date | None
    grantor: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class PartnersEntry:
    """Who takes part; no lead while none was named. `aid_received` is None while nobody said yes or no."""

    lead: ParticipantEntry | None = None
    partners: tuple[ParticipantEntry, ...] = ()
    aid_received: bool | None = None
    aid: tuple[AidEntry, ...] = ()

    @property
    def everyone(self) -> tuple[ParticipantEntry, ...]:
        """The lead, where there is one, and the partners."""
        return (*((self.lead,) if self.lead else ()), *self.partners)


OF_A_PARTICIPANT = tuple(one.name for one in fields(ParticipantEntry))
OF_AID = tuple(one.name for one in fields(AidEntry))


def stored_partners(application: Application) -> PartnersEntry:
    """Give what is stored."""
    parties = [
        (one.lead, ParticipantEntry(**{name: getattr(one, name) for name in OF_A_PARTICIPANT}))
        for one in application.participations
    ]
    received = application.answers.get(AID_ANSWER)
    return PartnersEntry(
        next((party for lead, party in parties if lead), None),
        tuple(party for lead, party in parties if not lead),
        received if isinstance(received, bool) else None,  # a round file may hold anything by this name
        tuple(AidEntry(**{name: getattr(one, name) for name in OF_AID}) for one in application.aid),
    )


def write_partners(application: Application, partners: PartnersEntry) -> None:
    """Put this in the place of what is stored; who has the same key stays the same participation.

    So its members, signatures and budget lines stay, and those of a removed partner point at nobody.
    """
    stored: dict[str, Participation] = {}
    for row in application.participations:
        stored.setdefault(row.key, row)
    wanted = [stored.get(party.key) or Participation() for party in partners.everyone]
    _make_room(application, wanted)
    for position, (row, party) in enumerate(zip(wanted, partners.everyone, strict=True)):
        row.position = position
        row.lead = party is partners.lead
        if (row.name, row.kvk) != (party.name, party.kvk):
            row.organisation_id = None  # perhaps another; sending in tells which
        for name in OF_A_PARTICIPANT:
            setattr(row, name, getattr(party, name))
    application.participations = wanted
    others = {name: value for name, value in application.answers.items() if name != AID_ANSWER}
    said = {} if partners.aid_received is None else {AID_ANSWER: partners.aid_received}
    application.answers = {**others, **said}
    lines = [{name: getattr(one, name) for name in OF_AID} for one in partners.aid]
    refill(application.aid, lines, AidReceived)


def partners_lack(partners: PartnersEntry, definition: RoundDefinition) -> Iterator[tuple[str, bool]]:
    """Give what is missing: a code, and whether it cannot be sent in without."""
    if partners.lead is None:
        yield "lead", True
    else:
        if partners.lead.kvk is None:
            yield "lead_kvk", False
        if partners.lead.iban is None:
            yield "lead_iban", False
    if definition.asks_state_aid:
        if partners.aid_received is None:
            yield "aid_received", False
        elif partners.aid_received and not partners.aid:
            yield "aid", False
        keys = {party.key for party in partners.everyone}
        if any(
            one.participation_key not in keys or one.granted_on is None or not one.grantor
            for one in partners.aid
        ):
            yield "aid_details", False


def aid_standings(partners: PartnersEntry, *, on: date, asked_cents: int) -> tuple[AidStanding, ...]:
    """Give how far each participant is under each regulation, with what is asked now for the lead.

    Aid of somebody who takes part no longer is left out. `on` is the day to count three years back from.
    """
    keys = {party.key for party in partners.everyone}
    received = [
        Aid(one.participation_key, Regulation(one.regulation), one.amount_cents, one.granted_on)
        for one in partners.aid
        if one.participation_key in keys
    ]
    lead = partners.lead.key if partners.lead else None
    return standings(received, on=on, lead=lead, asked_cents=asked_cents)


def _make_room(application: Application, wanted: list[Participation]) -> None:
    """Let go of rows and places before others take them: a place is taken once, row by row."""
    staying = [row for row in application.participations if row in wanted]
    if len(staying) == len(application.participations) and staying == wanted[: len(staying)]:
        return
    application.participations = staying
    for row in staying:
        row.position = -1 - row.position
    db.session.flush()
