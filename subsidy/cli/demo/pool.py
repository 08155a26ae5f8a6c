"""Who reviews in the demo: what they say they know, who is asked for a round, and what they answer."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from subsidy.cli.demo import people
from subsidy.cli.demo.clockwork import at, moment, work
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import CLERK
from subsidy.db import db
from subsidy.models import Round, RoundReviewer
from subsidy.services import pool_profiles, reviewer_answers, reviewer_invitations
from subsidy.services.pool_profiles import Expertise
from subsidy.services.reference import active_version, reference_of
from subsidy.services.reviewer_invitations import Person, Terms

REFERENTS = ("referent1", "referent2", "referent3", "referent4", "referent5", "referent6")
COMMITTEE = ("commissielid1", "commissielid2", "commissielid3")
# What each says: themes, domains, and the municipalities (CBS codes) that they know and where they live or
# work. Who lives in a place that an application is about is warned for it.
PROFILES: Mapping[str, Expertise] = {
    "referent1": Expertise(
        themes=("voorkomen", "ouderen", "wonen"),
        domains=("zorgaanbieder",),
        known=("GM0637", "GM0518"),
        own=("GM0344",),
        languages=("nl", "en"),
        about="Twintig jaar wijkverpleegkundige; nu adviseur over langer thuis wonen.",
    ),
    "referent2": Expertise(
        themes=("verplaatsen", "digitale-zorg", "innovatie"),
        domains=("zorgaanbieder",),
        known=("GM0448", "GM0400"),
        own=("GM0363",),
        languages=("nl", "en"),
        about="Lector zorg op afstand. Kent de kop van Noord-Holland van eerder onderzoek.",
    ),
    "referent3": Expertise(
        themes=("preventie", "positieve-gezondheid", "jeugd"),
        domains=("sociaal_domein",),
        known=("GM0106", "GM1680"),
        own=("GM0014",),
        about="Onderzoekt hoe gemeenten en zorg samenwerken aan preventie.",
    ),
    "referent4": Expertise(
        themes=("ggz", "vervangen"),
        domains=("zorgaanbieder", "zorgverzekeraar"),
        own=("GM0518",),
        most_reviews=3,
        about="Werkte bij een zorgverzekeraar aan de inkoop van ggz.",
    ),
    "referent5": Expertise(
        lay=True,
        themes=("chronisch-zieken", "ouderen"),
        domains=("burgers",),
        known=("GM0153",),
        own=("GM0150",),
        about="Mantelzorger. Leest mee vanuit wat inwoners ervan merken.",
    ),
    "referent6": Expertise(
        themes=("voorkomen", "wonen", "acute-zorg"),
        domains=("sociaal_domein", "zorgaanbieder"),
        known=("GM0074",),
        own=("GM0080",),
        about="Begeleidt regionale netwerken van ziekenhuis, huisarts en wijkteam.",
    ),
}
TIME_TO_ANSWER = timedelta(days=14)


def introduce(persons: Persons, *, day: date) -> None:
    """Let the referents write down what they know."""
    with at(moment(day, 19)) as now:
        reference = reference_of(active_version())
        for key, expertise in PROFILES.items():
            actor = people.actor(persons, key)
            pool_profiles.save(persons[key], expertise, reference, seen=None, actor=actor, now=now)


def ask(
    round_: Round,
    persons: Persons,
    keys: Sequence[str],
    body: str,
    *,
    day: date,
    waiting: Sequence[str] = (),
    declined: Mapping[str, str] | None = None,
) -> None:
    """Ask these people; the next day all accept, but who is `waiting` and who `declined`, with a reason."""
    with at(moment(day, 9, 15)) as now:
        asked = [Person(persons[key].email, persons[key].name) for key in keys]
        terms = Terms(body, None, day + TIME_TO_ANSWER)
        reviewer_invitations.ask(round_, asked, terms, actor=people.actor(persons, CLERK), now=now)
        db.session.commit()
        work()
    refused = declined or {}
    with at(moment(day + timedelta(days=1), 20, 30)) as now:
        for key in keys:
            row, user = _request(round_, persons[key].id), persons[key]
            if key in refused:
                reviewer_answers.decline(row, reason=refused[key], user=user, now=now)
            elif key not in waiting:
                reviewer_answers.accept(row, user, now=now)


def _request(round_: Round, user_id: int) -> RoundReviewer:
    query = select(RoundReviewer).where(RoundReviewer.round_id == round_.id, RoundReviewer.user_id == user_id)
    return db.session.scalars(query).one()
