"""The pages of sending: start and hold up, repair what failed, the mail room, 48 hours, and paper."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy import jobs
from subsidy.db import db
from subsidy.models import Application, Letter, PaperRequest, User
from subsidy.services import file_store, letters, paper_requests, sending
from tests.conftest import Clock, QueryCount
from tests.pages import parse, words
from tests.services.announced import propose
from tests.services.rounds import Scene, make_scene
from tests.services.test_mail import Sink, sink
from workflows.correspondence import ProcedureKind

__all__ = ["sink"]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.slow]

LogIn = Callable[..., FlaskClient]
DAY = date(2026, 3, 17)
EARLY = datetime(2026, 3, 17, 6, 0, tzinfo=UTC)
ADDRESS = "Dorpsstraat 1\n1234 AB Zoetermeer"


def confirmed(scores: tuple[int, ...] = (5, 4, 3)) -> Scene:
    scene = make_scene(scores)
    for decision in propose(scene):
        scene.confirm(decision)
    db.session.commit()
    return scene


@pytest.fixture
def scene(clock: Clock) -> Scene:
    """Three letters are confirmed; it is early on the morning of their day."""
    found = confirmed()
    clock.now = EARLY
    return found


def officer(scene: Scene) -> User:
    user = db.session.get_one(User, scene.proposer.user_id)
    user.locale = "en"
    return user


def member_of(application: Application) -> User:
    (membership,) = application.members
    return db.session.get_one(User, membership.user_id)


def here(scene: Scene, rest: str = "verzenden") -> str:
    return f"/bureau/ronden/{scene.round.slug}/brieven/{rest}"


def text(page: str) -> str:
    return words(parse(page))


def placed(application: Application, of: str = "1", *, at: datetime = EARLY) -> Letter:
    """A letter of the procedure that lies in the file, with bytes of some other letter."""
    letter = letters.order(
        application,
        ProcedureKind.DELAY,
        of=of,
        facts={"organisation": "Stichting Samen"},
        dated=DAY,
        now=at,
    )
    stored = file_store.put(b"%PDF-1.7 not read here", media_type="application/pdf", now=at)
    letters.keep_drawn(letter, stored.sha256)
    db.session.refresh(letter)
    letters.place(letter, at=at)
    db.session.commit()
    return letter


def test_starts_holds_up_and_lets_go(as_user: LogIn, scene: Scene, sink: Sink) -> None:
    client = as_user(officer(scene))
    page = client.get(here(scene)).text
    assert "Send 3 letters now" in text(page)
    assert "they go by themselves from nine" in text(page)
    held = client.post(here(scene, "verzenden/ophouden"), follow_redirects=True)
    assert "They have to go before today is over" in text(held.text)
    jobs.drain_here(300)
    assert sink.messages == []
    assert "held up" in text(client.post(here(scene, "verzenden/nu"), follow_redirects=True).text)
    client.post(here(scene, "verzenden/doorgaan"))
    page = client.get(here(scene)).text
    assert "hx-get" in page
    jobs.drain_here(300)
    mark = next(one.get("hx-get", "") for one in parse(page).iter("div") if one.get("hx-get"))
    answer = client.get(mark)
    assert answer.headers["HX-Refresh"] == "true"
    assert "3 of 3" in text(client.get(here(scene)).text)
    assert "hx-get" not in client.get(here(scene)).text


def test_shows_and_repairs_one_that_failed(as_user: LogIn, scene: Scene, sink: Sink) -> None:
    client, application = as_user(officer(scene)), scene.applications[1]
    wrong = member_of(application).email
    sink.refused.add(wrong)
    client.post(here(scene, "verzenden/nu"))
    jobs.drain_here(300)
    page = client.get(here(scene)).text
    assert application.reference is not None
    assert application.reference in text(page)
    assert "The mail server refuses the e-mail address" in text(page)
    letters_page = f"/bureau/aanvragen/{application.id}/brieven"
    shown = client.get(letters_page).text
    assert wrong in text(shown)
    assert "You cannot change the address of an account" in text(shown)
    (number,) = {one.get("value", "") for one in parse(shown).iter("input") if one.get("name") == "mail"}
    field = f"mail-{number}-email"
    bad = client.post(f"{letters_page}/adres", data={"mail": number, field: "geen adres"})
    assert bad.status_code == 422
    assert 'value="geen adres"' in bad.text
    assert client.post(f"{letters_page}/adres", data={"mail": "x"}).status_code == 404
    client.post(f"{letters_page}/adres", data={"mail": number, field: "goed@voorbeeld.nl"})
    jobs.drain_here(300)
    shown = text(client.get(letters_page).text)
    assert "goed@voorbeeld.nl (another address, by an officer): Sent" in shown
    assert "Repair" not in shown
    assert sending.counts(scene.round, DAY).sent == 3


def test_try_again_and_by_post(as_user: LogIn, scene: Scene, sink: Sink, clock: Clock) -> None:
    client, application = as_user(officer(scene)), scene.applications[0]
    sink.refused.add(member_of(application).email)
    client.post(here(scene, "verzenden/nu"))
    jobs.drain_here(300)
    address = f"/bureau/aanvragen/{application.id}/papier"
    assert client.post(address, data={"address": "Dorpsstraat 1"}).status_code == 422
    client.post(address, data={"address": f"  {ADDRESS}\r\n\r\n"})
    asked = db.session.get_one(PaperRequest, application.id)
    assert asked.address == ADDRESS
    again = client.post(
        f"/bureau/aanvragen/{application.id}/brieven/opnieuw", data={"terug": "ronde"}, follow_redirects=True
    )
    assert "There is nothing left to send" in text(again.text)
    assert "1 letter of today goes by post" in text(again.text)
    assert "Letters on paper asked" in text(client.get(f"/bureau/aanvragen/{application.id}").text)


def test_the_mail_room_from_asking_to_posted(as_user: LogIn, scene: Scene, clock: Clock) -> None:
    client = as_user(officer(scene))
    assert "No letter of this round goes by post now" in text(client.get(here(scene, "post")).text)
    for application in scene.applications[:2]:
        paper_requests.ask(application, ADDRESS, actor=scene.proposer, now=EARLY)
    db.session.commit()
    page = text(client.get(here(scene, "post")).text)
    assert "2 letters go by post today" in page
    assert "on a sheet of its own" in page
    waiting = client.post(here(scene, "post"), follow_redirects=True).text
    assert "The PDF is being made" in text(waiting)
    client.post(here(scene, "post"))
    jobs.drain_here(300)
    ready = client.get(here(scene, "post")).text
    assert "PDF with 2 letters" in text(ready)
    links = [one.get("href", "") for one in parse(ready).iter("a")]
    pdf, table = (next(one for one in links if one.endswith(end)) for end in (".pdf", ".xlsx"))
    with client.get(pdf) as answer:
        assert answer.data.startswith(b"%PDF")
        assert answer.headers["Cache-Control"] == "no-store"
    with client.get(table) as answer:
        assert answer.data.startswith(b"PK")
    posted = pdf.rpartition("/")[0] + "/gepost"
    done = client.post(posted, follow_redirects=True)
    assert "2 letters are recorded as posted." in text(done.text)
    assert "recorded already" in text(client.post(posted, follow_redirects=True).text)
    assert sending.counts(scene.round, DAY).posted == 2
    trail = text(client.get(f"/bureau/aanvragen/{scene.applications[0].id}/brieven").text)
    assert officer(scene).name in trail


def test_a_run_that_cannot_be_made_is_shown_and_tried_again(
    as_user: LogIn, scene: Scene, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user(officer(scene))
    paper_requests.ask(scene.applications[0], ADDRESS, actor=scene.proposer, now=EARLY)
    client.post(here(scene, "post"))

    def broken(*_arguments: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as change:
        change.setattr("subsidy.documents.mail_run.bundle_of", broken)
        for _attempt in range(8):
            jobs.drain_here(300)
            clock.now += timedelta(hours=1)
    assert "The PDF could not be made" in text(client.get(here(scene, "post")).text)
    client.post(here(scene, "post"))
    jobs.drain_here(300)
    assert "PDF with 1 letter" in text(client.get(here(scene, "post")).text)


@pytest.mark.parametrize("number", [1, 3])
def test_48_hours(
    as_user: LogIn, scene: Scene, clock: Clock, count_queries: Callable[[], QueryCount], number: int
) -> None:
    for hours, application in enumerate(scene.applications[:number]):
        placed(application, at=EARLY - timedelta(hours=30 - 5 * hours))
    client = as_user(officer(scene))
    client.get(here(scene, "termijn"))
    with count_queries() as queries:
        page = client.get(here(scene, "termijn")).text
    assert queries.count == 5
    shown = text(page)
    references = [one.reference or "" for one in scene.applications[:number]]
    assert [shown.index(one) for one in references] == sorted(shown.index(one) for one in references)
    assert "18 hours" in shown
    worklist = text(client.get("/bureau/").text)
    assert f"{number} letter" in worklist
    assert "48 hours" in text(client.get(here(scene)).text)
    for letter in db.session.scalars(select(Letter).where(Letter.kind == "delay")):
        letters.mark_notified(letter.id, at=EARLY)
    db.session.commit()
    assert "Everybody was told" in text(client.get(here(scene, "termijn")).text)
    assert "told within 48 hours" not in text(client.get("/bureau/").text)


@pytest.mark.parametrize("number", [1, 3])
def test_the_mail_room_and_the_failures_ask_the_same_for_many(
    as_user: LogIn, scene: Scene, sink: Sink, count_queries: Callable[[], QueryCount], number: int
) -> None:
    client = as_user(officer(scene))
    sink.refused.update(member_of(one).email for one in scene.applications[:number])
    client.post(here(scene, "verzenden/nu"))
    jobs.drain_here(300)
    client.get(here(scene))
    with count_queries() as queries:
        assert text(client.get(here(scene)).text).count("The mail server refuses") == number
    assert queries.count == 11
    for application in scene.applications[:number]:
        paper_requests.ask(application, ADDRESS, actor=scene.proposer, now=EARLY)
    db.session.commit()
    client.get(here(scene, "post"))
    with count_queries() as queries:
        assert text(client.get(here(scene, "post")).text).count("on a sheet of its own") == number
    assert queries.count == 6


@pytest.mark.parametrize("number", [1, 3])
def test_the_letters_of_an_application_ask_the_same_for_many(
    as_user: LogIn, scene: Scene, count_queries: Callable[[], QueryCount], number: int
) -> None:
    application = scene.applications[0]
    for one in range(number):
        placed(application, str(one))
    client = as_user(officer(scene))
    there = f"/bureau/aanvragen/{application.id}/brieven"
    client.get(there)
    with count_queries() as queries:
        assert text(client.get(there).text).count("Notice of delay") == number
    assert queries.count == 8


def test_an_applicant_asks_paper_and_ends_it(as_user: LogIn, scene: Scene) -> None:
    application = scene.applications[0]
    member = member_of(application)
    member.locale = "en"
    client = as_user(member)
    there = f"/aanvragen/{application.id}/papier"
    refused = client.post(there, data={"address": "x" * 60 + "\ny"})
    assert refused.status_code == 422
    assert "at most 45 characters" in text(refused.text)
    done = client.post(there, data={"address": ADDRESS}, follow_redirects=True)
    assert "You get our letters by post" in text(done.text)
    assert sending.counts(scene.round, DAY).by_post == 1
    client.post(f"{there}/beeindigen")
    assert sending.counts(scene.round, DAY).by_post == 0
    stranger = as_user(member_of(scene.applications[1]))
    assert stranger.get(there).status_code == 404


def test_missed_letters_get_a_new_date(as_user: LogIn, scene: Scene, clock: Clock) -> None:
    clock.now = EARLY + timedelta(days=1)
    client = as_user(officer(scene))
    page = text(client.get(here(scene)).text)
    assert "3 decisions were not announced" in page
    past = client.post(here(scene, "verzenden/nieuwe-datum"), data={"announce_on": "2026-03-17"})
    assert past.status_code == 422
    done = client.post(
        here(scene, "verzenden/nieuwe-datum"), data={"announce_on": "2026-03-20"}, follow_redirects=True
    )
    assert "3 decisions are being proposed again" in text(done.text)
    jobs.drain_here(300)
    assert "Missed their day" not in text(client.get(here(scene)).text)
