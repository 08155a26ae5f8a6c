"""A round of forty applications and twelve reviewers, from the request to review to confirmed minutes.

Of everything that people do, some do it on the pages; the others do the same through the services, meanwhile
and in the same installation. The two weeks of the rebuttal are passed by moving what is due to now.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from subsidy import clock
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    AgendaItem,
    Application,
    Meeting,
    Membership,
    OutboxRow,
    Rebuttal,
    Review,
    Round,
    RoundReviewer,
    User,
)
from subsidy.services import (
    accounts,
    deliberation,
    interest_rounds,
    interests,
    reviewer_answers,
    reviews,
    round_file_import,
)
from subsidy.services.advice import Conclusion, find_advice, mark_of
from subsidy.services.review_drafts import Draft
from subsidy.services.snapshots import definition_of
from tests.e2e import applying, dividing, forty, handling, meeting, reviewing
from tests.e2e.conftest import PASSWORD, add_staff
from tests.e2e.house import House, email_of, opened
from tests.e2e.visitor import ATTEMPTS, Visitor
from workflows.permissions import SYSTEM, Actor, Role
from workflows.states import ApplicationState

pytestmark = pytest.mark.e2e

SLUG = forty.SLUG
REFERENTS = [f"referent-{number:02d}" for number in range(1, 13)]
MEMBERS = ["member-1", "member-2", "member-3"]
NEWCOMER, HAS_ACCOUNT, IN_CONFLICT, STOPS = REFERENTS[:4]
APPLICANT, APPLIED = "applicant", "NW40-03"
KIN, KINS_FILE = MEMBERS[0], "NW40-10"
NEIGHBOUR = MEMBERS[1]
REVIEWS = 70  # ten applications need one review, thirty need two
TWO_WEEKS = timedelta(days=15)  # longer than the term of the rebuttal


class RoundHouse(House[Visitor]):
    """The house, and the way in for the work of many."""

    kind = Visitor

    @contextmanager
    def inside(self) -> Iterator[Round]:
        """Within it work is done in this process; it is committed at the end."""
        with self.app.app_context():
            yield db.session.scalars(select(Round).where(Round.slug == SLUG)).one()
            db.session.commit()
            db.session.remove()


@pytest.fixture
def house(tmp_path: Path, browser: Browser) -> Iterator[RoundHouse]:
    """The round as it was brought in, with accounts for all but one referent, who comes by the mail."""
    with opened(RoundHouse, tmp_path, browser, _fill) as house:
        yield house


def _fill() -> None:
    now = clock.read()
    add_staff("officer", Role.OFFICER)
    add_staff("chair", Role.CHAIR)
    people = {
        name: accounts.create(
            email=email_of(name), name=name.title(), password=PASSWORD, locale="en", now=now
        )
        for name in [*REFERENTS, *MEMBERS, APPLICANT]
        if name != NEWCOMER
    }
    closed = now - timedelta(days=20)
    round_file_import.import_round(forty.round_file(closed=closed), actor=SYSTEM, now=now)
    applied = db.session.scalars(select(Application).where(Application.reference == APPLIED)).one()
    member = people[APPLICANT].id
    db.session.add(Membership(application_id=applied.id, user_id=member, capacity="lead"))


def test_forty_applications_from_invitation_to_confirmed_minutes(house: RoundHouse) -> None:
    _invite(house)
    conflict = _divide(house)
    _rebut(house)
    _declare(house)
    _wait_for_the_term(house)
    here = meeting.make(house["chair"], SLUG, "Advice on round 40", "Officer")
    _deliberate(house, here)
    first = meeting.move_up_by_keyboard(house["chair"], here)
    meeting.close(house["chair"], here)
    minutes = meeting.confirm_minutes(house["chair"], here)

    for words in (meeting.CONCLUSION, meeting.SCORE_REASON, meeting.PLACE_REASON, first):
        assert words in minutes, words
    for reference, name in (conflict, (KINS_FILE, KIN.title()), (APPLIED, NEIGHBOUR.title())):
        assert reference in minutes, reference
        assert name in minutes, name
    for name in (KIN, NEIGHBOUR):  # who stayed out of a file reads no minutes before the decisions are out
        assert meeting.refused(house[name], f"{here}/verslag")
        assert meeting.refused(house[name], f"{here}/verslag.pdf")


def _invite(house: RoundHouse) -> None:
    """Ask thirteen referents, of whom one declines, and three members of the committee."""
    asked = [(name.title(), email_of(name)) for name in [*REFERENTS, "away"]]
    reviewing.ask_people(house["officer"], SLUG, asked, "Referent")
    members = [(name.title(), email_of(name)) for name in MEMBERS]
    reviewing.ask_people(house["officer"], SLUG, members, "Member of the committee")
    reviewing.decline_by_mail(house.guest("away"), email_of("away"))
    newcomer = house.guest(NEWCOMER)
    reviewing.accept_by_mail(newcomer, email_of(NEWCOMER), NEWCOMER.title(), PASSWORD)
    reviewing.tell_what_one_knows(newcomer, "Preventing care", 6)
    reviewing.accept_with_account(house[HAS_ACCOUNT], email_of(HAS_ACCOUNT))
    with house.inside() as round_:
        waiting = select(RoundReviewer).where(
            RoundReviewer.round_id == round_.id, RoundReviewer.answer.is_(None)
        )
        for row in db.session.scalars(waiting).all():
            user = accounts.find_by_email(row.email)
            assert user is not None
            reviewer_answers.accept(row, user, now=clock.read())
    house["officer"].open(f"/bureau/ronden/{SLUG}/beoordelaars")


def _divide(house: RoundHouse) -> tuple[str, str]:
    """Divide the reviews; one referent has an interest, one stops, and the gaps are filled."""
    officer, taking = house["officer"], house[IN_CONFLICT]
    dividing.propose_division(officer, SLUG)
    dividing.confirm_division(officer, REVIEWS)
    closed, *_others = reviewing.reviews_to_do(taking)
    reviewing.declare_an_interest(taking, closed)
    reference = closed.partition(":")[0]
    dividing.uphold(house["chair"], SLUG, reference, IN_CONFLICT.title())
    before = _pairs(house)
    dividing.let_stop(officer, SLUG, STOPS.title())
    kept = _pairs(house)
    dividing.propose_division(officer, SLUG)
    dividing.confirm_division(officer, REVIEWS - len(kept))
    after = _pairs(house)
    assert kept <= after, "a review that stood was taken away"
    assert len(after) == REVIEWS
    assert before != kept
    assert (reference, IN_CONFLICT) not in after
    reviewing.review(house[NEWCOMER], reviewing.reviews_to_do(house[NEWCOMER])[0], 4)
    return reference, IN_CONFLICT.title()


def _pairs(house: RoundHouse) -> set[tuple[str | None, str]]:
    """Who reviews what now: references with the names of reviewers, without who has an interest."""
    with house.inside() as round_:
        query = (
            select(Application.reference, User.name)
            .join(Review, Review.application_id == Application.id)
            .join(User, User.id == Review.reviewer_id)
            .where(Application.round_id == round_.id, Review.conflict.is_(None), Review.released_at.is_(None))
        )
        return {(reference, name.lower()) for reference, name in db.session.execute(query)}


def _rebut(house: RoundHouse) -> None:
    """Let all review; one applicant answers the reports, and the term of the others passes."""
    with house.inside() as round_:
        todo = (
            select(Review)
            .join(Application)
            .where(
                Application.round_id == round_.id,
                Review.handed_in_at.is_(None),
                Review.conflict.is_(None),
                Review.released_at.is_(None),
            )
        )
        for number, review in enumerate(db.session.scalars(todo.order_by(Review.id)).all()):
            _review(review, number)
    dividing.send_all_reports(house["officer"], SLUG, forty.COUNT)
    applying.answer_the_reports(
        house[APPLICANT],
        APPLIED,
        email_of(APPLICANT),
        project=_title(house),
        reads="the partners have agreed",
    )
    with house.inside():
        for rebuttal in db.session.scalars(select(Rebuttal).where(Rebuttal.sent_at.is_(None))).all():
            rebuttal.released_at -= TWO_WEEKS
            rebuttal.last_day -= TWO_WEEKS
        waits = OutboxRow.topic == "rebuttal_closing", OutboxRow.done_at.is_(None)
        db.session.execute(update(OutboxRow).where(*waits).values(due_at=clock.read()))
    handling.set_phase(house["officer"], SLUG, "Before the committee")


def _wait_for_the_term(house: RoundHouse) -> None:
    """Wait until the worker took up again every application of which the term to answer is over."""
    for _attempt in range(ATTEMPTS):
        with house.inside() as round_:
            waiting = db.session.scalars(
                select(Application.reference).filter_by(round_id=round_.id, state=ApplicationState.REBUTTAL)
            ).all()
        if not waiting:
            return
        time.sleep(0.5)
    raise AssertionError(waiting)


def _review(review: Review, number: int) -> None:
    """Declare no interest, score and hand in; strong and weak applications, and reviewers who differ."""
    assert review.account is not None
    actor, now = actor_of(review.account), clock.read()
    interests.declare_no_interest(review, actor=actor, now=now)
    definition = definition_of(review.application.round)
    scores = {
        one.id: Decimal(2 + (review.application_id * 5 + number * 3 + place) % 4)
        for place, one in enumerate(definition.rules.criteria)
    }
    draft = Draft(scores, dict.fromkeys(scores, reviewing.REASONS), recommendation="fund_with_changes")
    reviews.hand_in(review, draft, definition=definition, version=review.version, actor=actor, now=now)


def _title(house: RoundHouse) -> str:
    with house.inside():
        return db.session.scalars(select(Application.title).where(Application.reference == APPLIED)).one()


def _declare(house: RoundHouse) -> None:
    """Let the chair and the committee say which interests they have; one member has one."""
    dividing.report_an_interest(house[KIN], SLUG, KINS_FILE)
    for name in ("chair", KIN, NEIGHBOUR):
        house[name].open(f"/bureau/ronden/{SLUG}/belangen/mijn")
        handling.declare(house[name])
    with house.inside() as round_:
        third = accounts.find_by_email(email_of(MEMBERS[2]))
        assert third is not None
        seen = interest_rounds.shown(round_)
        interest_rounds.declare_round(round_, seen, why="", actor=actor_of(third), now=clock.read())
    dividing.uphold(house["chair"], SLUG, KINS_FILE, KIN.title())


def _deliberate(house: RoundHouse, here: str) -> None:
    """Discuss one application on the pages, with a member who leaves; the others in this process."""
    chair, neighbour, kin = house["chair"], house[NEIGHBOUR], house[KIN]
    kin.open(here)
    kin.sees("You see the files by number, without totals and order")
    assert kin.page.get_by_text(KINS_FILE).count() == 0
    neighbour.open(here)
    meeting.discuss(chair, here, APPLIED)
    neighbour.follow(f"{APPLIED}: {_title(house)}")
    neighbour.sees("The second report overlooks the plan for carers.")
    meeting.send_out(chair, NEIGHBOUR.title(), neighbour)
    assert meeting.refused(neighbour, chair.path)
    meeting.conclude(chair, "Feasibility", "5")
    expect(neighbour.page.get_by_role("link", name=APPLIED, exact=True)).to_be_visible()
    with house.inside() as round_:
        held = db.session.scalars(select(Meeting).where(Meeting.round_id == round_.id)).one()
        leads = accounts.find_by_email(email_of("chair"))
        assert leads is not None
        for item in db.session.scalars(select(AgendaItem).where(AgendaItem.started_at.is_(None))).all():
            _discuss(held, db.session.get_one(Application, item.application_id), actor_of(leads))


def _discuss(held: Meeting, application: Application, actor: Actor) -> None:
    now, conclusion = clock.read(), Conclusion({}, "The committee follows the reviewers.")
    deliberation.start(held, application, actor=actor, now=now)
    seen = mark_of(find_advice(application))
    deliberation.conclude(held, application, conclusion, seen=seen, actor=actor, now=now)
    deliberation.end(held, application, actor=actor, now=now)
