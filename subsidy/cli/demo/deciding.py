"""regiobeeld-4: the round that is decided on now: scenarios, a raised ceiling, hearings, letters of today."""

from datetime import date, datetime, timedelta

from subsidy.cli.demo import awarding, letters, people, publishing
from subsidy.cli.demo.awarding import CONFIRMER, PROPOSER, Entry
from subsidy.cli.demo.clockwork import at, moment
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.publishing import before
from subsidy.db import db
from subsidy.models import Application, Round
from subsidy.services import (
    ceiling,
    confirming,
    hearing_answers,
    hearings,
    letter_reading,
    scenarios,
)
from subsidy.services.proposal_batches import Wish
from subsidy.services.scenarios import ScenarioValues
from subsidy.services.snapshots import definition_of
from workflows.calendar_nl import propose_working_day

ENTRIES = (
    Entry("Zoetermeer", "aanvrager", 3, scored_as="Assen"),
    Entry("Den Haag", "aanvrager2", 5),
    Entry("Texel", "aanvrager5", 7),
    Entry("Noordkop", "aanvrager7", 9),
    Entry("Heerenveen", "aanvrager3", 16),
    Entry("Assen", "aanvrager6", 18),
    Entry("Achterhoek", "aanvrager8", 22),
    Entry("Mijnstreek", "aanvrager4", 24),
)
CEILING, RAISED, LARGER = 2_500_000, 3_500_000, 4_500_000  # euro cents
RAISED_BECAUSE = "Uit de vorige ronde kwam geld vrij; de minister heeft het plafond verhoogd."
WRONG_DATA = ("wrong_data",)
INTENTION = "Wij zijn van plan de aanvraag af te wijzen, omdat een gegeven waarop zij rust niet klopt."
DATA_OPEN = (
    "In de aanvraag staat dat de Bewonersraad Zoetermeer meedoet. De voorzitter van de raad schreef ons dat "
    "de raad zich heeft teruggetrokken."
)
DATA_ANSWERED = (
    "Volgens de aanvraag duurt het project vanaf maart. Op uw website staat dat het al begonnen is."
)
ANSWER = (
    "Op onze website staat een verkennend overleg van januari. Dat hoort niet bij het project en wij vragen "
    "er geen geld voor. Het project begint in maart, zoals in de aanvraag staat. De tekst op de website is "
    "aangepast."
)
SENT_BACK = "De motivering bij haalbaarheid is kort: schrijf erbij wat de aanvrager had kunnen doen."
# Days before today.
BROUGHT_IN, CHANGED, KEPT, HEARD, ANSWERED, REWORDED, OPENED, PROPOSED, READ = 40, 30, 28, 24, 15, 8, 4, 3, 1
DAYS_TO_ANSWER = 14
# Whose letters go today; the last asked for paper.
GO_TODAY = ("Den Haag", "Heerenveen", "Achterhoek")
ON_PAPER = "aanvrager8"


def load(persons: Persons, *, today: date, now: datetime) -> None:
    """Take the round to where letters went today, one was confirmed, some were read and others wait."""
    round_ = awarding.brought_in(
        persons,
        4,
        ENTRIES,
        opens=before(today, 95),
        closes=before(today, 60),
        ceiling_cents=CEILING,
        rules={},
        day=before(today, BROUGHT_IN),
    )
    by_region = {one.region_name: one for one in publishing.applications_of(round_)}
    _raise(round_, persons, today)
    _compare(round_, persons, today)
    with at(moment(before(today, HEARD), 9)) as heard:
        awarding.declare(round_, persons, now=heard)
    _hear(by_region["Assen"], persons, DATA_ANSWERED, day=before(today, HEARD))
    _answer(by_region["Assen"], persons, day=before(today, ANSWERED))
    _hear(by_region["Zoetermeer"], persons, DATA_OPEN, day=before(today, OPENED))
    letters.reword(round_, persons, day=before(today, REWORDED))
    letters.ask_paper(by_region[GO_TODAY[-1]], persons, lead=ON_PAPER, day=before(today, REWORDED))
    _decide_for_today(round_, by_region, persons, today)
    _propose(round_, by_region, persons, today)
    letters.send_today(round_, persons, now=now)


def _raise(round_: Round, persons: Persons, today: date) -> None:
    """Raise the ceiling, as it was published."""
    day = before(today, CHANGED)
    published = propose_working_day(day - timedelta(days=5))
    wanted = ceiling.Wanted(RAISED, RAISED_BECAUSE, f"Staatscourant {published.year}, demo", published)
    with at(moment(day)) as now:
        officer = people.actor(persons, PROPOSER)
        ceiling.change(round_, wanted, seen_cents=CEILING, actor=officer, now=now)


def _compare(round_: Round, persons: Persons, today: date) -> None:
    """Keep three scenarios for the board: more money, another weight, and no parts."""
    rules = definition_of(round_).rules
    heavier = tuple(
        one.model_copy(update={"weight": one.weight + (20 if one.id == "haalbaarheid" else -10)})
        for one in rules.criteria
    )
    kept = (
        ScenarioValues("Plafond van 45.000 euro", "Gevraagd door het bestuur.", LARGER, rules),
        ScenarioValues("Haalbaarheid zwaarder", "", RAISED, rules.model_copy(update={"criteria": heavier})),
        ScenarioValues(
            "Geen gedeeltelijke toekenning", "", RAISED, rules.model_copy(update={"partial_award": False})
        ),
    )
    with at(moment(before(today, KEPT), 14)) as now:
        for values in kept:
            scenarios.make(round_, values, actor=people.actor(persons, PROPOSER), now=now)


def _hear(application: Application, persons: Persons, data: str, *, day: date) -> None:
    last_day = propose_working_day(day + timedelta(days=DAYS_TO_ANSWER))
    with at(moment(day, 15)) as now:
        plan = hearings.Plan(WRONG_DATA, INTENTION, data, last_day)
        hearings.open_hearing(application, plan, actor=people.actor(persons, PROPOSER), now=now)


def _answer(application: Application, persons: Persons, *, day: date) -> None:
    (hearing,) = hearings.find(application)
    with at(moment(day, 19, 30)) as now:
        actor = people.actor(persons, "aanvrager6")
        hearing_answers.answer(application, hearing.id, ANSWER, actor=actor, now=now)


def _decide_for_today(
    round_: Round, by_region: dict[str, Application], persons: Persons, today: date
) -> None:
    """Decide on some, to be announced today."""
    references = frozenset(by_region[name].reference or "" for name in GO_TODAY)
    with at(moment(before(today, PROPOSED), 9)) as now:
        awarding.propose(round_, Wish(today, references=references), persons, now=now)
    with at(moment(before(today, READ), 10)) as now:
        awarding.confirm(awarding.decisions_of(round_), persons, now=now)


def _propose(round_: Round, by_region: dict[str, Application], persons: Persons, today: date) -> None:
    """Propose for the rest but who answered; the second officer reads three, confirms one, returns one.

    Who is still heard is refused, as the page of the batch tells.
    """
    rest = [one for region, one in by_region.items() if region not in {"Assen", *GO_TODAY}]
    references = frozenset(one.reference or "" for one in rest)
    wish = Wish(propose_working_day(today + timedelta(days=7)), references=references)
    with at(moment(before(today, PROPOSED))) as now:
        awarding.propose(round_, wish, persons, now=now)
    second = people.actor(persons, CONFIRMER)
    found = {one.application_id: one for one in awarding.decisions_of(round_)}
    read = [found[by_region[name].id] for name in ("Mijnstreek", "Texel", "Noordkop")]
    with at(moment(before(today, READ), 11)) as now:
        for one in read:
            letter_reading.note(one.id, user_id=second.user_id, now=now)
        awarding.confirm(read[:1], persons, now=now)
        confirming.send_back(read[-1].application, reason=SENT_BACK, actor=second, now=now)
        db.session.flush()
