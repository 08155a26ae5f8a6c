"""The check by the office: findings stored, one supplement, a motivated verdict."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    Application,
    Decision,
    Event,
    FindingRow,
    Mail,
    Membership,
    OutboxRow,
    Round,
    Supplement,
)
from subsidy.services import applications, findings, outbox, paper, screening
from subsidy.services.advance import NotAllowedError
from subsidy.services.deadlines import decision_term_of
from subsidy.services.paper import PaperApplication, Party, RoundNotRunningError, SupplementTooLateError
from subsidy.services.screening import ScreeningError
from subsidy.services.snapshots import definition_of
from tests import factories
from tests.conftest import MOMENT, Clock
from workflows.kinds import KINDS
from workflows.machine import TransitionError
from workflows.permissions import Actor, Role
from workflows.regions import UnknownMunicipalityError

# 14 days after Tuesday 10 March 2026.
LAST_DAY = date(2026, 3, 24)


@pytest.fixture
def officer(app: Flask) -> Actor:
    return actor_of(factories.make_user(Role.OFFICER))


@pytest.fixture
def application(app: Flask) -> Application:
    return factories.make_application(factories.make_round())


def stored(application: Application) -> dict[str, str]:
    rows = db.session.scalars(select(FindingRow).where(FindingRow.application_id == application.id))
    return {row.check_id: row.outcome for row in rows}


def ask(application: Application, officer: Actor) -> Supplement:
    return screening.request_supplement(
        application, asked="De begroting ontbreekt.", sections=["budget"], actor=officer, now=MOMENT
    )


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    """A mail holds addresses of pages, so it is written while a request is answered."""
    with app.test_request_context():
        yield


def test_findings_are_stored_when_an_application_came_in(application: Application) -> None:
    effect = findings.screening_effect(application)
    for _ in range(2):
        outbox.post(effect.topic, effect.key, effect.payload, now=MOMENT)
    db.session.commit()
    assert jobs.drain_here(300) == 1
    expected = {
        "in_time": "pass",
        "domains": "pass",
        "required_domains": "pass",
        "amount": "pass",
        "months": "pass",
    }
    assert stored(application) == expected
    assert {one.check: one.outcome for one in findings.findings_of(application)} == expected


def test_a_whole_round_is_screened_by_one_piece_of_work(application: Application) -> None:
    late = factories.make_application(application.round, submitted_at=MOMENT + timedelta(days=30))
    judged = factories.make_application(application.round, "eligible")
    screening.screen_round_job({"round_id": application.round_id})
    screening.screen_round_job({"round_id": application.round_id})
    assert stored(application)["in_time"] == "pass"
    assert stored(late)["in_time"] == "fail"
    assert stored(judged) == {}


def test_where_applications_are_compared_the_others_are_screened_again(app: Flask) -> None:
    rules = KINDS["netwerk"].rules.model_copy(update={"one_per_lead": True})
    round_ = factories.make_round(definition=KINDS["netwerk"].with_rules(rules))
    later = factories.make_application(round_, submitted_at=MOMENT + timedelta(hours=1))
    screening.screen_round_job({"application_id": later.id})
    assert stored(later)["one_per_lead"] == "pass"
    earlier = factories.make_application(round_)
    screening.screen_round_job({"application_id": earlier.id})
    assert (stored(earlier)["one_per_lead"], stored(later)["one_per_lead"]) == ("pass", "fail")


def test_findings_stand_once_there_is_a_verdict(application: Application, officer: Actor) -> None:
    findings.screen_application(application)
    screening.give_verdict(application, "eligible", motivation="Alles klopt.", actor=officer, now=MOMENT)
    application.requested_cents = 999_999_999
    screening.screen_round_job({"application_id": application.id})
    assert stored(application)["amount"] == "pass"
    with pytest.raises(ScreeningError) as error:
        screening.screen_again(application, actor=officer, now=MOMENT)
    assert error.value.code == "judged"


def test_work_on_an_application_that_is_gone_is_done(app: Flask) -> None:
    screening.screen_round_job({"application_id": 999_999})
    screening.expire_supplement_job({"application_id": 999_999})
    assert db.session.scalars(select(FindingRow)).all() == []


def test_a_supplement_is_asked_once_with_consequence_reaction_and_term(
    application: Application, officer: Actor
) -> None:
    member = factories.make_user(locale="nl")
    gone = factories.make_user(disabled_at=MOMENT)
    for user, capacity in ((member, "lead"), (gone, "view")):
        db.session.add(Membership(application_id=application.id, user_id=user.id, capacity=capacity))
    supplement = ask(application, officer)
    assert (application.state, supplement.last_day) == ("supplement_requested", LAST_DAY)
    (mail,) = db.session.scalars(select(Mail)).all()
    assert mail.recipient == member.email
    assert application.reference in mail.subject
    for part in ("De begroting ontbreekt.", "4:5", "4:15", "24 maart 2026", "Begroting"):
        assert part in mail.body
    work = db.session.scalars(select(OutboxRow).where(OutboxRow.topic == "supplement_expiry")).one()
    assert work.due_at == datetime(2026, 3, 24, 23, 5, tzinfo=UTC)  # who sent in time may still wait
    event = db.session.scalars(select(Event).where(Event.name == "application.supplement_requested")).one()
    assert (event.facts["last_day"], event.facts["sections"]) == ("2026-03-24", ["budget"])
    with pytest.raises(TransitionError):
        ask(application, officer)


def test_a_second_chance_is_refused(application: Application, officer: Actor, clock: Clock) -> None:
    ask(application, officer)
    clock.now = datetime(2026, 3, 25, 8, tzinfo=UTC)
    screening.expire_supplement_job({"application_id": application.id})
    with pytest.raises(TransitionError) as error:
        ask(application, officer)
    assert error.value.code == "supplement_already_requested"


@pytest.mark.parametrize("sections", [[], ["budget", "bestaat-niet"]])
def test_a_supplement_opens_parts_that_there_are(
    application: Application, officer: Actor, sections: list[str]
) -> None:
    with pytest.raises(ScreeningError) as error:
        screening.request_supplement(application, asked="Iets", sections=sections, actor=officer, now=MOMENT)
    assert error.value.code == "unknown_sections"
    assert application.state == "submitted"


def test_an_unused_term_brings_the_application_back_after_its_last_day(
    application: Application, officer: Actor, clock: Clock
) -> None:
    ask(application, officer)
    clock.now = datetime(2026, 3, 24, 22, 30, tzinfo=UTC)
    with pytest.raises(TransitionError) as error:
        screening.expire_supplement_job({"application_id": application.id})
    assert error.value.code == "supplement_term_runs"
    clock.now = datetime(2026, 3, 24, 23, 0, tzinfo=UTC)
    screening.expire_supplement_job({"application_id": application.id})
    screening.expire_supplement_job({"application_id": application.id})
    assert application.state == "submitted"
    supplement = db.session.get_one(Supplement, application.id)
    assert (supplement.expired_at, supplement.supplied_at) == (clock.now, None)


def test_a_supplement_in_time_leaves_nothing_to_expire(app: Flask, officer: Actor, clock: Clock) -> None:
    member = factories.make_user(Role.APPLICANT)
    application = factories.make_application(factories.make_round(), member=member)
    ask(application, officer)
    supplied = MOMENT + timedelta(days=3)
    applications.supplement(application, actor=actor_of(member), now=supplied)
    clock.now = datetime(2026, 3, 25, 8, tzinfo=UTC)
    screening.expire_supplement_job({"application_id": application.id})
    supplement = db.session.get_one(Supplement, application.id)
    assert (application.state, supplement.supplied_at, supplement.expired_at) == ("submitted", supplied, None)


def test_the_decision_term_stands_still_while_a_supplement_is_awaited(
    application: Application, officer: Actor
) -> None:
    round_, definition = application.round, definition_of(application.round)

    def last_day(supplement: Supplement | None, today: date) -> date:
        term = decision_term_of(
            round_, definition, submitted_at=MOMENT, supplement=supplement, today=today, delayed_to=None
        )
        return term.last_day

    # Closed on 30 March; 22 weeks later.
    assert last_day(None, LAST_DAY) == date(2026, 8, 31)
    round_.closes_at = MOMENT - timedelta(days=1)
    # From the day of receipt, because it came in after the round closed.
    assert last_day(None, LAST_DAY) == date(2026, 8, 11)
    supplement = ask(application, officer)
    assert last_day(supplement, date(2026, 3, 12)) == date(2026, 8, 13)
    supplement.expired_at = datetime(2026, 3, 25, tzinfo=UTC)
    assert last_day(supplement, date(2026, 4, 20)) == date(2026, 8, 25)
    supplement.expired_at, supplement.supplied_at = None, MOMENT + timedelta(days=3)
    assert last_day(supplement, date(2026, 4, 20)) == date(2026, 8, 13)


@pytest.mark.parametrize("conclusion", ["eligible", "ineligible"])
def test_a_verdict_is_motivated_and_given_once(
    application: Application, officer: Actor, conclusion: screening.Conclusion
) -> None:
    with pytest.raises(TransitionError) as error:
        screening.give_verdict(application, conclusion, motivation=" ", actor=officer, now=MOMENT)
    assert error.value.code == "motivation_needed"
    screening.give_verdict(application, conclusion, motivation="Daarom.", actor=officer, now=MOMENT)
    assert application.state == conclusion
    with pytest.raises(TransitionError):
        screening.give_verdict(application, "eligible", motivation="Ook.", actor=officer, now=MOMENT)
    assert [(one.verdict, one.motivation) for one, _ in screening.verdicts_of(application)] == [
        (conclusion, "Daarom.")
    ]


def test_a_verdict_can_be_reconsidered_and_both_stay(application: Application, officer: Actor) -> None:
    screening.give_verdict(application, "ineligible", motivation="Te laat.", actor=officer, now=MOMENT)
    screening.reconsider(application, reason="Storing van de site", actor=officer, now=MOMENT)
    assert application.state == "submitted"
    screening.give_verdict(application, "eligible", motivation="Op tijd.", actor=officer, now=MOMENT)
    assert [one.verdict for one, _ in screening.verdicts_of(application)] == ["eligible", "ineligible"]


def test_a_verdict_under_a_proposed_decision_stays(application: Application, officer: Actor) -> None:
    screening.give_verdict(application, "ineligible", motivation="Te laat.", actor=officer, now=MOMENT)
    db.session.add(
        Decision(
            application_id=application.id,
            round_id=application.round_id,
            outcome="rejected",
            motivation="Te laat.",
            proposed_by=officer.user_id,
            proposed_at=MOMENT,
        )
    )
    db.session.flush()
    with pytest.raises(ScreeningError) as error:
        screening.reconsider(application, reason="Toch niet", actor=officer, now=MOMENT)
    assert error.value.code == "decision_pending"


def test_who_has_an_interest_does_nothing_on_the_file(application: Application) -> None:
    user = factories.make_user(Role.OFFICER)
    factories.make_review(application, user, declared_at=MOMENT, conflict="Toezichthouder")
    actor = actor_of(user)
    with pytest.raises(NotAllowedError):
        ask(application, actor)
    with pytest.raises(NotAllowedError):
        screening.give_verdict(application, "eligible", motivation="Goed.", actor=actor, now=MOMENT)
    with pytest.raises(NotAllowedError):
        screening.screen_again(application, actor=actor, now=MOMENT)


PAPER = PaperApplication(
    received_at=MOMENT + timedelta(days=30),
    title="Samen in de wijk",
    summary="",
    lead=Party("Gemeente Zoetermeer", "gemeente", "12345678"),
    partners=(Party("Huisartsen", "zorgaanbieder"),),
    region_name="Zoetermeer",
    municipalities=("GM0637",),
    requested_cents=2_000_000,
    months=6,
)


def enter(round_: Round, officer: Actor, values: PaperApplication = PAPER) -> Application:
    return paper.enter(round_, values, reason="Per post", actor=officer, now=MOMENT)


def test_late_paper_is_received_and_found_late(app: Flask, officer: Actor) -> None:
    round_ = factories.make_round()
    application = enter(round_, officer)
    assert (application.state, application.channel) == ("submitted", "paper")
    assert application.submitted_at == PAPER.received_at
    assert [(one.name, one.lead) for one in application.participations] == [
        ("Gemeente Zoetermeer", True),
        ("Huisartsen", False),
    ]
    db.session.commit()
    jobs.drain_here(300)
    assert stored(application)["in_time"] == "fail"
    assert stored(application)["required_domains"] == "fail"


def test_the_same_paper_twice_is_one(app: Flask, officer: Actor) -> None:
    round_ = factories.make_round()
    first, again = enter(round_, officer), enter(round_, officer)
    other = enter(round_, officer, replace(PAPER, title="Iets anders"))
    assert first is again
    assert other.reference != first.reference


def test_paper_waits_for_a_running_round_and_names_real_places(app: Flask, officer: Actor) -> None:
    with pytest.raises(RoundNotRunningError):
        enter(factories.make_round(state="draft"), officer)
    with pytest.raises(UnknownMunicipalityError):
        enter(factories.make_round(), officer, replace(PAPER, municipalities=("GM9999",)))
    with pytest.raises(TransitionError) as error:
        paper.enter(factories.make_round(), PAPER, reason=" ", actor=officer, now=MOMENT)
    assert error.value.code == "reason_needed"


def test_a_supplement_on_paper_counts_when_the_paper_came_in(app: Flask, officer: Actor) -> None:
    application = enter(factories.make_round(), officer, replace(PAPER, received_at=MOMENT))
    ask(application, officer)
    more = replace(
        paper.stored(application),
        received_at=MOMENT + timedelta(days=5),
        requested_cents=2_500_000,
        partners=(Party("Huisartsen", "zorgaanbieder"), Party("Bewoners", "burgers")),
    )
    for wrong in (MOMENT - timedelta(days=1), MOMENT + timedelta(days=15)):
        late = replace(more, received_at=wrong)
        with pytest.raises(SupplementTooLateError):
            paper.supplement(application, late, reason="Post", actor=officer, now=MOMENT)
    # Entered after the last day, received before it.
    now = MOMENT + timedelta(days=16)
    paper.supplement(application, more, reason="Post", actor=officer, now=now)
    assert (application.state, application.completed_at) == ("submitted", more.received_at)
    assert paper.stored(application) == more
    supplement = db.session.get_one(Supplement, application.id)
    assert supplement.supplied_at == more.received_at
    with pytest.raises(NotAllowedError):
        paper.supplement(application, more, reason="Post", actor=officer, now=now)


def test_who_applied_on_this_site_supplements_there(application: Application, officer: Actor) -> None:
    member = factories.make_user()
    db.session.add(Membership(application_id=application.id, user_id=member.id, capacity="lead"))
    ask(application, officer)
    values = replace(paper.stored(application), received_at=MOMENT)
    with pytest.raises(NotAllowedError):
        paper.supplement(application, values, reason="Post", actor=officer, now=MOMENT)
