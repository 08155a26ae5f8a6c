"""The pages that tell that a decision comes later: one applicant, a whole round, and what each then sees."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import Application, Letter, Round, User
from tests.conftest import MOMENT, Clock, QueryCount
from tests.factories import make_application, make_interest, make_round, make_user
from tests.pages import parse, words
from workflows.correspondence import ProcedureKind
from workflows.kinds import KINDS
from workflows.permissions import Role
from workflows.terms import decision_term

LogIn = Callable[[User | Role], FlaskClient]
CLOSES = (MOMENT + timedelta(days=20)).date()
ENDS = decision_term(CLOSES, KINDS["netwerk"].terms.decision_weeks).last_day
DAY = ENDS + timedelta(weeks=3)
WHY = "De commissie komt een dag later bij elkaar."
SENT = {"until": DAY.isoformat(), "reason": WHY, "longer": ""}


@pytest.fixture
def officer(app: object) -> User:
    assert app
    return make_user(Role.OFFICER, locale="en")


@pytest.fixture
def round_(officer: User) -> Round:
    assert officer.id
    return make_round()


def text(page: str) -> str:
    return words(parse(page))


def of_file(application: Application) -> str:
    return f"/bureau/aanvragen/{application.id}/later-beslissen"


def of_round(round_: Round) -> str:
    return f"/bureau/ronden/{round_.slug}/later-beslissen"


def told(day: date) -> list[int]:
    query = select(Letter.application_id).where(Letter.kind == ProcedureKind.DELAY, Letter.last_day == day)
    return list(db.session.scalars(query.order_by(Letter.application_id)))


def test_one_applicant_is_told_and_sees_the_new_day(as_user: LogIn, officer: User, round_: Round) -> None:
    member = make_user(Role.APPLICANT, locale="en")
    file = make_application(round_, "advised", member=member)
    client = as_user(officer)
    assert of_file(file) in client.get(f"/bureau/aanvragen/{file.id}").text
    assert "The term to decide has passed" not in text(client.get(of_file(file)).text)
    sent = client.post(of_file(file), data=SENT)
    assert (sent.status_code, sent.location) == (303, f"/bureau/aanvragen/{file.id}")
    page = text(client.get(sent.location).text)
    assert "Awb 4:14" in page
    assert "Applicant told that the decision comes later" in page
    assert client.post(of_file(file), data=SENT).status_code == 303
    assert told(DAY) == [file.id]
    assert WHY in text(client.get(of_file(file)).text)
    own = text(as_user(member).get(f"/aanvragen/{file.id}").text)
    assert "We wrote you that the decision comes later" in own
    assert f"We decide at the latest on {DAY.day} {DAY.strftime('%B')}" in own


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"until": ""}, "Fill in until when you will decide."),
        ({"until": ENDS.isoformat()}, "The applicant counts on a decision by"),
        ({"until": MOMENT.date().isoformat()}, "Choose a day after today."),
        ({"until": (ENDS + timedelta(weeks=9)).isoformat()}, "Say why here, or choose an earlier day."),
        ({"until": (ENDS + timedelta(weeks=99)).isoformat()}, "This is more than a year later."),
        ({"reason": " "}, "Say why it becomes later."),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    as_user: LogIn, officer: User, round_: Round, changed: dict[str, str], says: str
) -> None:
    file = make_application(round_, "advised")
    client = as_user(officer)
    typed = {**SENT, "longer": "", **changed}
    for url in (of_file(file), of_round(round_)):
        answer = client.post(url, data=typed)
        assert answer.status_code == 422
        assert says in text(answer.text)
        if "reason" not in changed:
            assert WHY in answer.text
    assert db.session.scalars(select(Letter)).all() == []


def test_after_the_term_the_officer_is_warned_of_the_penalty(
    as_user: LogIn, officer: User, round_: Round, clock: Clock
) -> None:
    file = make_application(round_, "advised")
    clock.now += ENDS - MOMENT.date() + timedelta(days=1)
    client = as_user(officer)
    assert "article 4:17" in text(client.get(of_file(file)).text)
    page = text(client.get(of_round(round_)).text)
    assert "Of 1 application the term to decide has passed." in page


def test_a_decision_leaves_nothing_to_put_off(as_user: LogIn, officer: User, round_: Round) -> None:
    file = make_application(round_, "rejected")
    client = as_user(officer)
    assert "there is nothing to put off" in text(client.get(of_file(file)).text)
    assert client.post(of_file(file), data=SENT).status_code == 422
    assert "Nobody in this round waits" in text(client.get(of_round(round_)).text)


@pytest.mark.slow
def test_a_round_is_told_in_the_background_and_followed(as_user: LogIn, officer: User, round_: Round) -> None:
    waiting = [make_application(round_, "advised") for _ in range(2)]
    barred = make_application(round_, "advised")
    client = as_user(officer)
    page = text(client.get(of_round(round_)).text)
    assert "Applications that wait 3" in page
    asked = client.post(of_round(round_), data=SENT)
    assert (asked.status_code, asked.location) == (303, f"{of_round(round_)}/1")
    assert client.post(of_round(round_), data=SENT).location == asked.location
    assert client.post(of_round(round_), data={**SENT, "reason": "Anders."}).status_code == 422
    assert "The letters are being made." in text(client.get(asked.location).text)
    progress = client.get(f"{asked.location}/stand")
    assert 'hx-trigger="every 2s"' in progress.text
    assert "HX-Refresh" not in progress.headers

    make_interest(barred, officer)
    db.session.commit()
    jobs.drain_here(300)
    assert told(DAY) == []  # somebody with an interest in the round sends no letters of it
    assert "This stopped before everybody was told." in text(
        as_user(make_user(Role.OFFICER, locale="en")).get(asked.location).text
    )
    again = as_user(make_user(Role.OFFICER, locale="en"))
    once_more = again.post(of_round(round_), data=SENT).location
    assert once_more == f"{of_round(round_)}/2"
    jobs.drain_here(300)
    assert told(DAY) == [one.id for one in (*waiting, barred)]
    assert again.get(f"{once_more}/stand").headers["HX-Refresh"] == "true"
    assert "Applicants told 3 Letters in the file 3 Not told of this day 0" in text(again.get(once_more).text)


def test_only_officers_without_an_interest_come_here(as_user: LogIn, officer: User, round_: Round) -> None:
    assert officer.id
    file = make_application(round_, "advised")
    barred = make_user(Role.OFFICER)
    make_interest(file, barred)
    for who in (barred, make_user(Role.FINANCE), make_user(Role.AUDITOR), make_user(Role.APPLICANT)):
        client = as_user(who)
        for url in (of_file(file), of_round(round_)):
            assert client.get(url).status_code in {403, 404}
            assert client.post(url, data=SENT).status_code in {403, 404}
    assert as_user(officer).get(f"{of_round(round_)}/7").status_code == 404


def test_a_page_costs_the_same_for_one_and_for_three(
    as_user: LogIn, officer: User, round_: Round, count_queries: Callable[[], QueryCount]
) -> None:
    make_application(round_, "advised")
    client = as_user(officer)
    client.post(of_round(round_), data=SENT)
    urls = (of_round(round_), f"{of_round(round_)}/1")

    def cost() -> list[int]:
        counted = []
        for url in urls:
            db.session.expire_all()
            with count_queries() as queries:
                assert client.get(url).status_code == 200
            counted.append(queries.count)
        return counted

    cost()
    at_one = cost()
    for _more in range(2):
        make_application(round_, "advised")
    db.session.commit()
    assert cost() == at_one == [5, 6]
