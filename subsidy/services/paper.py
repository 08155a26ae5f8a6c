"""Applications on paper, and late ones: an officer enters them, so that each gets its decision."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from subsidy.clock import day_of
from subsidy.db import LOCK, db
from subsidy.models import Application, Participation, RegionMunicipality, Round, Supplement
from subsidy.services import applications, findings, organisations, reference, sent_versions
from subsidy.services.advance import advance
from subsidy.services.entries import ParticipantEntry, PartnersEntry
from subsidy.services.entries.partners import stored_partners, write_partners
from workflows.permissions import Actor
from workflows.regions import UnknownMunicipalityError
from workflows.states import ApplicationState, RoundState


class RoundNotRunningError(Exception):
    """The round takes nothing in: it is not published yet, or it is closed with decisions."""


class SupplementTooLateError(Exception):
    """The paper came in after the term to supplement, or before it was asked."""


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that takes part, in its domain; `kvk` has 8 digits."""

    name: str
    domain: str
    kvk: str | None = None


@dataclass(frozen=True, slots=True)
class PaperApplication:
    """What stands on the paper that came in, as far as the checks need it. Amount in euro cents."""

    received_at: datetime
    title: str
    summary: str
    lead: Party
    partners: tuple[Party, ...]
    region_name: str
    municipalities: tuple[str, ...]
    requested_cents: int
    months: int
    predecessor: str | None = None
    regiobeeld: str | None = None


def enter(round_: Round, paper: PaperApplication, *, reason: str, actor: Actor, now: datetime) -> Application:
    """Enter an application that came in on paper; it counts as received when the paper was.

    The same paper twice (a double click) gives the application that is there. Raises
    RoundNotRunningError, UnknownMunicipalityError, TransitionError `reason_needed`, NotAllowedError.
    """
    db.session.refresh(round_, with_for_update=LOCK)
    if round_.state != RoundState.PUBLISHED:
        raise RoundNotRunningError
    there = _find_same(round_, paper)
    if there is not None:
        return there
    application = Application(
        round=round_,
        channel="paper",
        reference=applications.next_reference(round_),
        started_by=actor.user_id,
        created_at=now,
        updated_at=now,
        submitted_at=paper.received_at,
        title=paper.title,
        summary=paper.summary,
        region_name=paper.region_name,
        requested_cents=paper.requested_cents,
        months=paper.months,
        predecessor=paper.predecessor,
        regiobeeld=paper.regiobeeld,
        participations=_participations(paper),
        municipalities=_municipalities(round_, paper.municipalities),
    )
    db.session.add(application)
    db.session.flush()
    organisations.settle(application, now=now)
    advance(
        application,
        "enter",
        actor=actor,
        now=now,
        facts={"reason": reason},
        record={"received_at": paper.received_at.isoformat(), "reference": application.reference},
        personal={"reason": reason},
        effects=[findings.screening_effect(application)],
    )
    sent_versions.keep(application, now=now)
    return application


def stored(application: Application) -> PaperApplication:
    """Return what is stored, to write a supplement over; received at the moment that counts now."""
    parties = [(one.lead, Party(one.name, one.domain, one.kvk)) for one in application.participations]
    return PaperApplication(
        received_at=application.completed_at or application.submitted_at or application.created_at,
        title=application.title,
        summary=application.summary,
        lead=next((party for lead, party in parties if lead), Party("", "")),
        partners=tuple(party for lead, party in parties if not lead),
        region_name=application.region_name,
        municipalities=tuple(one.given_code for one in application.municipalities),
        requested_cents=application.requested_cents,
        months=application.months or 0,
        predecessor=application.predecessor,
        regiobeeld=application.regiobeeld,
    )


def supplement(
    application: Application, paper: PaperApplication, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Enter a supplement that came in on paper; it counts as received when the paper was (Awb 4:5).

    Raises SupplementTooLateError, UnknownMunicipalityError, TransitionError when nothing is awaited,
    NotAllowedError.
    """
    db.session.refresh(application, with_for_update=LOCK)
    asked = db.session.get(Supplement, application.id, with_for_update=LOCK)
    if asked is not None and application.state == ApplicationState.SUPPLEMENT_REQUESTED:
        if not asked.requested_at <= paper.received_at or day_of(paper.received_at) > asked.last_day:
            raise SupplementTooLateError
        asked.supplied_at = application.completed_at = paper.received_at
        _write(application, paper, now)
        organisations.settle(application, now=now)
    advance(
        application,
        "supplement",
        actor=actor,
        now=now,
        record={"received_at": paper.received_at.isoformat()},
        personal={"reason": reason},
        effects=[findings.screening_effect(application)],
    )
    sent_versions.keep(application, now=now)


def _write(application: Application, paper: PaperApplication, now: datetime) -> None:
    municipalities = _municipalities(application.round, paper.municipalities)
    for name in ("title", "summary", "region_name", "requested_cents", "months", "predecessor", "regiobeeld"):
        setattr(application, name, getattr(paper, name))
    write_partners(application, _partners(paper, stored_partners(application)))
    application.municipalities.clear()
    db.session.flush()
    application.municipalities.extend(municipalities)
    application.version += 1
    application.updated_at = now


def _partners(paper: PaperApplication, stored_entry: PartnersEntry) -> PartnersEntry:
    """Give who takes part according to the paper; who took part before stays the same participation."""
    before = list(stored_entry.everyone)

    def entry(party: Party) -> ParticipantEntry:
        for one in before:
            if one.kvk == party.kvk if one.kvk and party.kvk else one.name == party.name:
                before.remove(one)
                return replace(one, name=party.name, domain=party.domain, kvk=party.kvk)
        return ParticipantEntry(party.name, party.domain, party.kvk)

    return replace(
        stored_entry, lead=entry(paper.lead), partners=tuple(entry(party) for party in paper.partners)
    )


def _find_same(round_: Round, paper: PaperApplication) -> Application | None:
    same = (
        select(Application)
        .join(Participation, (Participation.application_id == Application.id) & Participation.lead)
        .where(
            Application.round_id == round_.id,
            Application.channel == "paper",
            Application.state != ApplicationState.DRAFT,
            Application.submitted_at == paper.received_at,
            Application.title == paper.title,
            Application.requested_cents == paper.requested_cents,
            Participation.name == paper.lead.name,
        )
    )
    return db.session.scalars(same.order_by(Application.id).limit(1)).one_or_none()


def _participations(paper: PaperApplication) -> list[Participation]:
    return [
        Participation(
            position=position, lead=position == 0, name=party.name, domain=party.domain, kvk=party.kvk
        )
        for position, party in enumerate((paper.lead, *paper.partners))
    ]


def _municipalities(round_: Round, codes: tuple[str, ...]) -> list[RegionMunicipality]:
    known = reference.reference_of(round_.reference_version)
    rows = []
    for position, code in enumerate(codes):
        today = known.resolve(code)
        if today is None:
            raise UnknownMunicipalityError(code)
        rows.append(RegionMunicipality(position=position, given_code=code, code=today))
    return rows
