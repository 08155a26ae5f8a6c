"""An applicant of the demo fills in the form, section by section, as a person does on the pages."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from pydantic import JsonValue

from subsidy import clock
from subsidy.cli.demo.words import SUMMARY, answer_to
from subsidy.data import FOLDER
from subsidy.models import Application, Round
from subsidy.services import applications
from subsidy.services.entries import (
    COST,
    OWN,
    BudgetEntry,
    BudgetItem,
    Entry,
    OwnEntry,
    ParticipantEntry,
    PartnersEntry,
    ProjectEntry,
    RegionEntry,
    stored_entry,
)
from subsidy.services.entries.partners import AidEntry
from subsidy.services.entries.project import OtherMoneyItem, RegiobeeldFrom
from subsidy.services.snapshots import definition_of
from workflows.budget import TOGETHER
from workflows.definition import RoundDefinition, Section, SectionKind
from workflows.permissions import Actor
from workflows.rules import Domain
from workflows.snapshot import ApplicationSnapshot
from workflows.state_aid import Regulation

# No such number was ever given out, so nobody is taken for somebody else.
NO_KVK = "0000000{}"
# The account number with which banks explain what an IBAN is.
NO_IBAN = "NL91ABNA0417164300"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one collaboration asks: the reference of its region in the demo round, and its own choices."""

    region: str
    applicant: str
    requested_cents: int
    months: int = 12
    themes: tuple[str, ...] = ("voorkomen", "preventie")
    citizens: bool = True
    predecessor: str | None = None
    regiobeeld: str | None = None
    aid_cents: int = 0
    other_money: tuple[OtherMoneyItem, ...] = ()


@cache
def regions() -> dict[str, ApplicationSnapshot]:
    """Give the collaborations of the demo round, by the name of their region."""
    document = json.loads((FOLDER / "demo" / "regiobeeld-1.json").read_text(encoding="utf-8"))
    found = (ApplicationSnapshot.model_validate(one) for one in document["applications"])
    return {one.region.name: one for one in found}


def write(
    round_: Round, plan: Plan, *, actor: Actor, now: datetime, only: Iterable[SectionKind] | None = None
) -> Application:
    """Start an application and fill its sections in, or only those of some kinds."""
    application = applications.start(round_, actor=actor, now=now)
    for section in definition_of(round_).sections:
        if only is None or section.kind in only:
            entry = Entry(_own(section, plan, application, now), _answers(section, plan))
            seen = stored_entry(application, section).fingerprint
            applications.save_section(application, section, entry, seen=seen, now=now)
    return application


def _answers(section: Section, plan: Plan) -> dict[str, JsonValue]:
    given = {question.id: answer_to(question, plan.region) for question in section.questions}
    return {name: answer for name, answer in given.items() if answer is not None}


def _own(section: Section, plan: Plan, application: Application, now: datetime) -> OwnEntry | None:
    region = regions()[plan.region].region
    definition = definition_of(application.round)
    match section.kind:
        case SectionKind.PROJECT:
            return ProjectEntry(
                title=f"{definition.title.nl} {plan.region}",
                summary=SUMMARY.format(region=plan.region),
                months=plan.months,
                themes=plan.themes,
                predecessor=plan.predecessor,
                regiobeeld=plan.regiobeeld,
                regiobeeld_from=_regiobeeld_from(plan),
                gets_other_money=bool(plan.other_money) if definition.asks_other_money else None,
                other_money=plan.other_money,
            )
        case SectionKind.PARTNERS:
            return _partners(plan, definition, now)
        case SectionKind.REGION:
            return RegionEntry(name=region.name, municipalities=region.municipalities)
        case SectionKind.BUDGET:
            return _budget(plan.requested_cents, application)
    return None


def _regiobeeld_from(plan: Plan) -> str | None:
    if plan.regiobeeld is None:
        return None
    return RegiobeeldFrom.LINK if plan.regiobeeld.startswith("https:") else RegiobeeldFrom.AWARD


def _partners(plan: Plan, definition: RoundDefinition, now: datetime) -> PartnersEntry:
    known = regions()[plan.region]
    lead = ParticipantEntry(known.lead.name, known.lead.domain.value, NO_KVK.format(1), iban=NO_IBAN)
    partners = [
        ParticipantEntry(one.name, one.domain.value)
        for one in known.partners
        if plan.citizens or one.domain is not Domain.BURGERS
    ]
    domains = {one.domain for one in (lead, *partners)}
    more = {Domain.BURGERS: "Bewonersraad", Domain.SOCIAAL_DOMEIN: "Welzijnswerk"}
    for domain, name in more.items():
        if domain.value not in domains and (plan.citizens or domain is not Domain.BURGERS):
            partners.append(ParticipantEntry(f"{name} {plan.region}", domain.value))
    if not definition.asks_state_aid:
        return PartnersEntry(lead, tuple(partners))
    a_year_ago = clock.day_of(now) - timedelta(days=365)
    aid = AidEntry(lead.key, Regulation.DE_MINIMIS, a_year_ago, "Provincie Zuid-Holland", plan.aid_cents)
    return PartnersEntry(lead, tuple(partners), bool(plan.aid_cents), (aid,) if plan.aid_cents else ())


def _budget(requested_cents: int, application: Application) -> BudgetEntry:
    """Divide what is asked over three costs; a fifth of all costs is paid by the first two who take part."""
    asked = definition_of(application.round).budget
    own = -(-requested_cents // 4)
    staff = requested_cents * 3 // 5
    citizens = requested_cents // 5
    together = TOGETHER if asked.by_partner else None
    costs = (
        ("personeel", "Projectleider", staff),
        ("participatie", "Vergoeding voor inwoners en mantelzorgers", citizens + own),
        ("bijeenkomsten", "Bijeenkomsten in de regio", requested_cents - staff - citizens),
    )
    year = 1 if asked.by_year else None
    lines = (
        *(BudgetItem(COST, category, what, cents, together, year) for category, what, cents in costs),
        *(BudgetItem(OWN, "", "Eigen uren", cents, payer) for payer, cents in _shares(own, application)),
    )
    return BudgetEntry(requested_cents, lines)


def _shares(own_cents: int, application: Application) -> list[tuple[str | None, int]]:
    """Divide the own contribution over the first two parties, where the round asks whose it is."""
    if not definition_of(application.round).budget.by_partner:
        return [(None, own_cents)]
    first, second = (one.key for one in application.participations[:2])
    return [(first, own_cents - own_cents // 2), (second, own_cents // 2)]
