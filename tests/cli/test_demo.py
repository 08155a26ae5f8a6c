"""The demo is a living installation: every round at its own place, and an account for each role."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from subsidy.cli.demo import people
from subsidy.db import db
from subsidy.models import (
    Application,
    Attachment,
    Calibration,
    Decision,
    DecisionReading,
    GrantRow,
    Hearing,
    Interest,
    LedgerLine,
    Letter,
    Mandate,
    Message,
    OutboxRow,
    PagesMade,
    PanelAdvice,
    Rebuttal,
    Review,
    ReviewerProfile,
    Round,
    RoundReviewer,
    User,
)
from subsidy.services import (
    accounts,
    agenda,
    assignment_proposals,
    calculations,
    calibration_lists,
    call_questions,
    ceiling,
    certainty,
    completeness,
    events,
    exhaustion,
    file_store,
    hearings,
    inbox,
    invitations,
    ledger,
    lots,
    mail_runs,
    meetings,
    priorities,
    proposal_batches,
    rebuttals,
    recusals,
    reserve,
    scenarios,
    sending,
    signatures,
    snapshots,
    standing,
    wordings,
)
from subsidy.services.entries import stored_budget
from subsidy.services.sending import Counts
from tests.conftest import MOMENT, Clock
from workflows.budget import budget_findings
from workflows.permissions import SYSTEM, Role

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Give a function that runs `flask demo` with arguments."""
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["demo", *arguments])


@pytest.mark.slow
def test_the_demo_stands_where_it_says(run: Run, clock: Clock) -> None:
    result = run("load", "--if-empty")
    assert (result.exit_code, result.output) == (0, "demo loaded\n")
    rounds = db.session.scalars(select(Round).order_by(Round.id)).all()
    phases = {round_.slug: standing.phase_of(round_, MOMENT).value for round_ in rounds}
    by_slug = {round_.slug: round_ for round_ in rounds}
    assert phases == {
        "regiobeeld-1": "decided",
        "regiobeeld-2": "decided",
        "regiobeeld-3": "open",
        "regiobeeld-4": "review",
        "netwerk-1": "panel",
        "netwerk-2": "review",
        "doorontwikkeling-1": "open",
        "actieplan-1": "preparation",
    }
    states = {
        round_.slug: Counter(
            db.session.scalars(select(Application.state).where(Application.round_id == round_.id))
        )
        for round_ in rounds
    }
    assert states == {
        "regiobeeld-1": {"awarded": 7, "rejected": 3},
        "regiobeeld-2": {"awarded": 4, "rejected": 1, "withdrawn": 1},
        "regiobeeld-3": {"awarded": 3, "rejected": 1, "in_review": 1},
        "regiobeeld-4": {"awarded": 3, "rejected": 1, "in_review": 4},
        "netwerk-1": {"in_review": 3, "advised": 1},
        "netwerk-2": {"in_review": 4, "rebuttal": 1, "ineligible": 1},
        "doorontwikkeling-1": {"submitted": 1, "draft": 1},
        "actieplan-1": {},
    }
    assert list(events.verify()) == []
    # What waits is what comes by the clock.
    waiting = db.session.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None))).all()
    assert {row.topic for row in waiting} <= {
        "rebuttal_reminder",
        "rebuttal_closing",
        "reviewer_reminder",
        "calibration_reminder",
        "announce",
    }
    assert all(row.due_at > MOMENT for row in waiting)
    # Decided here, by two people, with letters that exist, as the division said.
    history = rounds[0]
    division = {one.reference: one.amount_cents for one in calculations.allocate_round(history)}
    for decision in db.session.scalars(select(Decision)):
        assert not decision.imported
        assert decision.proposed_by != decision.confirmed_by
        assert file_store.read(decision.letter_sha256 or "").startswith(b"%PDF")
        if decision.round_id == history.id:
            assert decision.announced_at is not None
            assert decision.amount_cents == division[decision.application.reference or ""]
    _check_decided(by_slug["regiobeeld-2"])
    _check_in_order(by_slug["regiobeeld-3"])
    _check_deciding(by_slug["regiobeeld-4"])
    _check_letters(by_slug["regiobeeld-4"])
    assert wordings.find_draft(by_slug["netwerk-2"].id) is not None
    _check_mandates()
    _check_meeting(by_slug["netwerk-1"])
    _check_review(by_slug["netwerk-2"])
    _check_together(by_slug["doorontwikkeling-1"])
    letters = db.session.scalars(select(Attachment)).all()
    assert [letter.sent_in for letter in letters] == [True, True]
    for letter in letters:
        made = db.session.get_one(PagesMade, letter.sha256)
        assert (made.pages, made.problem) == (1, "")
    written = select(Message.from_office).order_by(Message.id)
    assert list(db.session.scalars(written)) == [False, True]
    # One account for each role, and each of them can log in.
    held = set(db.session.execute(select(User.email, GrantRow.role).join(GrantRow.user)).all())
    assert {(person.email, person.role.value) for person in people.SHOWN} <= held
    assert {role for _email, role in held} == {role.value for role in Role}
    for email in ("aanvrager@demo.example", "medewerker2@demo.example"):
        assert (
            accounts.log_in(email=email, password=people.PASSWORD, machine="test", now=MOMENT).email == email
        )
    printed = run("accounts").output
    assert people.PASSWORD in printed
    assert all(person.email in printed for person in people.SHOWN)
    # A second start leaves it alone, and by hand it is refused.
    assert (run("load", "--if-empty").exit_code, run("load").exit_code) == (0, 1)
    assert db.session.scalar(select(func.count()).select_from(Round)) == 8


def _check_decided(round_: Round) -> None:
    """A closed round with each kind of later decision, and money for the next on the reserve list."""
    found = db.session.scalars(select(Decision).where(Decision.round_id == round_.id).order_by(Decision.id))
    later = [one for one in found if one.replaces_id is not None]
    assert [one.kind for one in later] == ["correction", "withdrawal", "reserve", "remedy"]
    assert all(one.announced_at and one.reason for one in later)
    assert ledger.fits(round_)
    lines = db.session.scalars(select(LedgerLine).where(LedgerLine.round_id == round_.id)).all()
    assert sum(one.cents for one in lines if one.kind == ledger.OUTSIDE) == 1_000_000
    listed = reserve.list_of(round_, today=MOMENT.date())
    assert [(one.place.reference, one.turn, one.standing.amount_cents) for one in listed.entries] == [
        ("JZOJP-RB2-005", "next", 200_000)
    ]


def _check_in_order(round_: Round) -> None:
    """An open round whose money is used up; a lot decided between two of the same day, one still waits."""
    assert exhaustion.since(round_) is not None
    assert ledger.left_of(round_) == 0
    (tie,) = lots.lots_of(round_).ties
    assert [one.reference for one in tie] == ["JZOJP-RB3-004", "JZOJP-RB3-003"]
    rejected = select(Application.reference).where(
        Application.round_id == round_.id, Application.state == "rejected"
    )
    assert db.session.scalars(rejected).all() == ["JZOJP-RB3-003"]


def _check_deciding(round_: Round) -> None:
    """A round in decision: scenarios, a raised ceiling, two hearings, a batch with letters read and not."""
    assert len(scenarios.list_scenarios(round_)[0]) == 3
    (raised,) = ceiling.find_changes(round_)
    assert (raised.before_cents, raised.after_cents) == (2_500_000, round_.ceiling_cents)
    heard = [
        (one.application.region_name, hearings.stage_of(one, now=MOMENT))
        for one in db.session.scalars(select(Hearing).order_by(Hearing.id))
    ]
    assert heard == [("Assen", "answered"), ("Zoetermeer", "open")]
    batch = proposal_batches.find_last(round_)
    assert batch is not None
    assert (batch.proposed, batch.refused) == (3, {"JZOJP-RB4-001": "hearing_term_runs"})
    stages = Counter(
        (one.confirmed_at is not None, one.returned_at is not None)
        for one in db.session.scalars(select(Decision).where(Decision.round_id == round_.id))
    )
    assert stages == {(True, False): 4, (False, True): 1, (False, False): 1}
    assert len(db.session.scalars(select(DecisionReading)).all()) == 3


def _check_letters(round_: Round) -> None:
    """Letters of today went but for one on paper, in words of the round; an inbox has old post and new."""
    assert sending.counts(round_, MOMENT.date()) == Counts(0, 0, by_post=1, sent=2, posted=0)
    (on_paper,) = mail_runs.to_post(round_, MOMENT.date())
    assert on_paper.address
    run = mail_runs.find_last(round_)
    assert run is not None
    assert (run.letters, run.posted_at) == (1, None)
    in_force = wordings.find_in_force(round_.id)
    assert in_force is not None
    versions = select(Letter.wording_id).join(Decision).where(Decision.round_id == round_.id)
    assert set(db.session.scalars(versions)) == {in_force.id}
    applicant = db.session.scalars(select(User).where(User.email == "aanvrager@demo.example")).one()
    items = inbox.page_of_all(applicant, now=MOMENT).items
    assert {one.unread for one in items if one.letter is not None} == {True, False}
    asked = [one.asked for one in items if one.asked is not None]
    assert {one.reaction for one in asked if one.stage == "open"} == {"answer", "view"}


def _check_mandates() -> None:
    """Both officers can decide, the second up to an amount; an earlier mandate was withdrawn."""
    given = db.session.execute(
        select(User.email, Mandate.up_to_cents, Mandate.withdrawn_at.is_not(None))
        .join(Mandate.holder)
        .order_by(Mandate.id)
    )
    assert [(email.partition("@")[0], cents, over) for email, cents, over in given] == [
        ("medewerker", None, False),
        ("medewerker2", None, True),
        ("medewerker2", 5_000_000, False),
    ]


def _check_meeting(round_: Round) -> None:
    """A meeting under way: one application advised, one under discussion without a member, an order."""
    (meeting,) = meetings.meetings_of(round_)
    roll = meetings.roll_of(meeting)
    assert meetings.presence_in(meeting, roll).met
    entries = agenda.agenda_of(meeting, SYSTEM, ordered=True)
    assert [one.status for one in entries] == ["discussed", "under_discussion", "waiting", "waiting"]
    assert [one.advised for one in entries] == [True, False, False, False]
    answers = rebuttals.for_panel([one.application_id for one in entries], now=MOMENT)
    assert [answers[one.application_id].text is not None for one in entries[:2]] == [True, True]
    assert sum(answer.text is not None for answer in answers.values()) == 2
    current = agenda.under_discussion(meeting)
    assert current is not None
    (away,) = recusals.away_for(meeting, current.application_id)
    assert away.part == "member"
    order = priorities.order_of(round_)
    assert order.departs
    assert len(order.lines) == 4
    advice = db.session.get_one(PanelAdvice, entries[0].application_id)
    assert advice.scores
    assert advice.score_reasons.keys() == advice.scores.keys()
    (interest,) = _interests(round_)
    assert (interest.capacity, interest.decision) == ("committee", "upheld")
    assert file_store.read(meeting.minutes_sha256 or "").startswith(b"%PDF")
    (run,) = certainty.runs_of(round_)
    assert run.state == "ready"


def _check_review(round_: Round) -> None:
    """Referents review: one has an interest and is to be replaced, one wrote a draft, one did not begin."""
    reviews = db.session.scalars(
        select(Review).join(Application).where(Application.round_id == round_.id)
    ).all()
    assert sum(one.handed_in_at is not None for one in reviews) >= 5
    assert sum(one.conflict is not None for one in reviews) == 1
    assert any(one.handed_in_at is None and one.scores for one in reviews)
    assert any(one.declared_at is None for one in reviews)
    assert [(one.capacity, one.decision) for one in _interests(round_)] == [
        ("reviewer", "upheld"),
        ("finance", None),
    ]
    proposal = assignment_proposals.find_open(round_)
    assert proposal is not None
    assert proposal.state == "ready"
    origins = [row.origin for row in assignment_proposals.pairs_of(proposal).values()]
    assert origins.count("proposed") == 1
    # One collaboration answered the reports, another still can.
    held = select(Rebuttal).join(Application).where(Application.round_id == round_.id)
    assert sorted(one.answer != "" for one in db.session.scalars(held)) == [False, True]
    assert sum(one.fundable for one in calculations.rank_round(round_)) >= 2
    (trial,) = db.session.scalars(select(Calibration).where(Calibration.round_id == round_.id))
    assert trial.closed_at is not None
    assert len(calibration_lists.handed_in(trial)) == 5
    lay = db.session.scalars(select(ReviewerProfile.lay).order_by(ReviewerProfile.user_id)).all()
    assert list(lay) == [False, False, False, False, True, False]
    answers = Counter(db.session.scalars(select(RoundReviewer.answer)))
    assert (answers[None], answers["declined"]) == (1, 1)


def _interests(round_: Round) -> Sequence[Interest]:
    query = select(Interest).join(Application).where(Application.round_id == round_.id)
    return db.session.scalars(query.order_by(Interest.id)).all()


def _check_together(round_: Round) -> None:
    """The draft of the open round: two people, one invited, one of its partners signed, a week more."""
    draft = db.session.scalars(select(Application).where(Application.state == "draft")).one()
    assert draft.round is round_
    assert {one.capacity for one in draft.members} == {"lead", "sign"}
    (invitation,) = invitations.list_open(draft, now=MOMENT)
    assert invitation.expires_at > MOMENT
    stands = signatures.standing(draft)
    assert sum(one.state == "signed" and not one.why for one in stands) == 1
    assert len(stands) > 1
    assert draft.deadline_at == round_.closes_at + timedelta(days=7)
    definition = snapshots.definition_of(round_)
    lacking = {one.code for one in completeness.missing(draft, definition)}
    assert not lacking & {"lead_iban", "aid_received", "aid", "aid_details", "other_money", "regiobeeld"}
    assert not budget_findings(
        stored_budget(draft), definition, partners=[one.key for one in draft.participations], years=2
    )
    assert call_questions.numbers_of(round_) == (1, 1)
    assert len(call_questions.find_published(round_)) == 1


@pytest.mark.slow
def test_a_demo_that_was_broken_off_says_so(run: Run) -> None:
    people.load(now=MOMENT)
    result = run("load", "--if-empty")
    assert result.exit_code == 1
    assert "broken off" in result.output


def test_no_demo_in_production(run: Run, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", _in_production(settings))
    assert run("load").exit_code == 1
    assert run("load", "--if-empty").exit_code == 0
    assert run("accounts").output == ""
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def _in_production(settings: object) -> object:
    from dataclasses import replace

    return replace(settings, production=True)  # type: ignore[type-var]
