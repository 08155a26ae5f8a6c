"""A round of forty that waits for its decisions, and one file for each letter of the procedure."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, Membership, Round, Supplement, User, Verdict
from subsidy.services import (
    accounts,
    applications,
    confirming,
    delays,
    hearings,
    rebuttal_release,
    screening,
)
from subsidy.services.grants import actor_of
from tests import factories
from tests.e2e.conftest import PASSWORD, add_staff
from tests.e2e.house import email_of
from workflows.correspondence import ProcedureKind
from workflows.permissions import Role

SLUG, TITLE = "regiobeeld-40", "Regional pictures, round 40"
EACH_CENTS, CEILING_CENTS = 1_000_000, 18_500_000
# Reviewed on this scale; a 2 is below the threshold. The money is enough for eighteen of them and a part.
SCORES = (5,) * 10 + (4,) * 10 + (3,) * 9 + (2,) * 8
INCOMPLETE, INELIGIBLE = 2, 1
OUTCOMES = {"award": 18, "partial": 1, "reserve": 10, "reject": 9, "not_processed": 2}
ASKED = "De begroting met de bijdragen van alle partners."
WRONG, RIGHT = "typing-mistake@region.example", "corrected@region.example"


def reference_of(number: int) -> str:
    """The reference of an application of the round, counted from one."""
    return f"RB40-{number:02d}"


# Who has an account to log in with, whose address is wrong, who asks for paper, and who is with two.
APPLICANT, MISTAKEN, ON_PAPER, TOGETHER = (reference_of(number) for number in (2, 1, 3, 4))


def fill() -> None:
    """Make the people, the round, and the files of which a letter of the procedure tells."""
    now = clock.read()
    officers = [add_staff(name, Role.OFFICER) for name in ("officer", "second")]
    add_staff("admin", Role.ADMINISTRATOR)
    applicant, on_paper, asked = (_account(name, now) for name in ("applicant", "paper", "asked"))
    round_ = _round_of_forty(now, {APPLICANT: applicant, ON_PAPER: on_paper}, officers[0])
    for officer in officers:
        db.session.refresh(officer)
        factories.declare(officer, round_)
        factories.give_mandate(officer)
    # A mail holds addresses of pages, so it is written while a request is answered.
    with current_app.test_request_context():
        for tell in TELL.values():
            tell(asked, officers[0], now)


def confirm_all() -> list[int]:
    """Let the second officer stand for every letter of the round, as the page for it does one by one.

    Returns the ids of the decisions.
    """
    second = db.session.scalars(select(User).where(User.email == email_of("second"))).one()
    query = select(Decision).join(Round).where(Round.slug == SLUG).order_by(Decision.id)
    decisions = db.session.scalars(query).all()
    for one in decisions:
        confirming.confirm(
            one.application,
            letter_sha256=one.letter_sha256 or "",
            actor=actor_of(second),
            now=clock.read(),
        )
    db.session.commit()
    return [one.id for one in decisions]


def _account(name: str, now: datetime) -> User:
    return accounts.create(email=email_of(name), name=name.title(), password=PASSWORD, locale="nl", now=now)


def _round_of_forty(now: datetime, known: Mapping[str, User], officer: User) -> Round:
    round_ = factories.make_round(
        "regiobeeld",
        slug=SLUG,
        title=TITLE,
        number=40,
        opens_at=now - timedelta(days=60),
        closes_at=now - timedelta(days=20),
        ceiling_cents=CEILING_CENTS,
    )
    states = ["in_review"] * len(SCORES) + ["ineligible"] * (INCOMPLETE + INELIGIBLE)
    for number, state in enumerate(states, start=1):
        reference = reference_of(number)
        email = WRONG if reference == MISTAKEN else f"person{number}@region.example"
        application = factories.make_application(
            round_,
            state,
            reference=reference,
            title=f"Regiobeeld {number}",
            requested_cents=EACH_CENTS,
            submitted_at=now - timedelta(days=30) + timedelta(minutes=number),
            member=known.get(reference) or factories.make_user(Role.APPLICANT, email=email, locale="en"),
        )
        if reference == TOGETHER:
            friend = factories.make_user(Role.APPLICANT, email="friend@region.example", locale="en")
            db.session.add(Membership(application_id=application.id, user_id=friend.id, capacity="view"))
        if number <= len(SCORES):
            factories.make_review(application, score=SCORES[number - 1])
        else:
            _refuse(application, officer, now, supplement=number <= len(SCORES) + INCOMPLETE)
    return round_


def _refuse(application: Application, officer: User, now: datetime, *, supplement: bool) -> None:
    """Find an application not eligible; with `supplement` something stayed missing (Awb 4:5)."""
    why = "De begroting bleef weg." if supplement else "Er doen te weinig domeinen mee."
    db.session.add(
        Verdict(
            application_id=application.id,
            verdict="ineligible",
            motivation=why,
            officer_id=officer.id,
            given_at=now - timedelta(days=2),
        )
    )
    if supplement:
        db.session.add(
            Supplement(
                application_id=application.id,
                asked=ASKED,
                requested_by=officer.id,
                requested_at=now - timedelta(days=18),
                last_day=(now - timedelta(days=4)).date(),
                expired_at=now - timedelta(days=3),
            )
        )
    db.session.flush()


def _closed(now: datetime) -> Round:
    return factories.make_round(opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=20))


def _receive(member: User, _officer: User, now: datetime) -> None:
    round_ = factories.make_round(opens_at=now - timedelta(days=5), closes_at=now + timedelta(days=20))
    file = factories.make_application(round_, "draft", member=member)
    applications.submit(file, actor=actor_of(member), now=now)


def _ask_supplement(member: User, officer: User, now: datetime) -> None:
    file = factories.make_application(_closed(now), member=member)
    screening.request_supplement(file, asked=ASKED, sections=["budget"], actor=actor_of(officer), now=now)


def _send_reports(member: User, officer: User, now: datetime) -> None:
    file = factories.make_application(_closed(now), "in_review", requested_cents=4_000_000, member=member)
    for _number in range(2):
        factories.make_review(file, factories.make_user(Role.REVIEWER), score=4)
    rebuttal_release.release(file, seen=None, actor=actor_of(officer), now=now)


def _ask_view(member: User, officer: User, now: datetime) -> None:
    file = factories.make_application(_closed(now), "advised", member=member)
    until = (now + timedelta(days=14)).date()
    plan = hearings.Plan(("wrong_data",), "Wij willen afwijzen.", "De stichting is opgeheven.", until)
    hearings.open_hearing(file, plan, actor=actor_of(officer), now=now)


def _put_off(member: User, officer: User, now: datetime) -> None:
    file = factories.make_application(_closed(now), "advised", member=member)
    ends = delays.clock_of(file, today=clock.day_of(now)).ends_on
    plan = delays.Plan(ends + timedelta(days=14), "De commissie heeft meer tijd nodig.")
    delays.notify(file, plan, actor=actor_of(officer), now=now)


TELL: Mapping[ProcedureKind, Callable[[User, User, datetime], None]] = {
    ProcedureKind.RECEIPT: _receive,
    ProcedureKind.SUPPLEMENT: _ask_supplement,
    ProcedureKind.REBUTTAL: _send_reports,
    ProcedureKind.HEARING: _ask_view,
    ProcedureKind.DELAY: _put_off,
}
