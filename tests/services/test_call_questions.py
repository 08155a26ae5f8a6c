"""Questions about a call: asked while it is open, answered once, published without who asked."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import CallQuestion, Event, Mail, Round, User
from subsidy.services import call_questions, events, incoming
from subsidy.services.call_questions import ClashError, ClosedError
from subsidy.services.reach import OFFICE, reach_of
from subsidy.services.throttle import TooManyAttemptsError
from tests import factories
from tests.conftest import MOMENT, QueryCount
from workflows.permissions import Role

LATER = MOMENT + timedelta(days=1)


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round()


@pytest.fixture
def asker(app: Flask) -> User:
    return factories.make_user(Role.APPLICANT)


def ask(round_: Round, asker: User, text: str = "Mag een school meedoen?") -> CallQuestion:
    return call_questions.ask(round_, text, actor=actor_of(asker), now=MOMENT)


def answer(
    question: CallQuestion,
    round_: Round,
    text: str = "Ja, als partner.",
    *,
    wording: str = "Mag een school partner zijn?",
    publish: bool = True,
    seen: str | None = None,
    now: object = MOMENT,
) -> None:
    call_questions.answer(
        question,
        round_,
        wording=wording,
        text=text,
        publish=publish,
        seen=call_questions.version_of(question) if seen is None else seen,
        actor=actor_of(factories.make_user(Role.OFFICER)),
        now=now,  # type: ignore[arg-type]
    )


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def test_a_double_click_asks_once(round_: Round, asker: User) -> None:
    assert ask(round_, asker) is ask(round_, asker)
    assert ask(round_, asker, "En een bibliotheek?") is not ask(round_, asker)
    assert ask(round_, factories.make_user(Role.APPLICANT)) is not ask(round_, asker)


@pytest.mark.parametrize("days", [-30, 0])
def test_questions_are_taken_from_the_announcement_until_the_closing(round_: Round, days: int) -> None:
    assert call_questions.takes_questions(round_, now=MOMENT + timedelta(days=days))
    assert not call_questions.takes_questions(round_, now=MOMENT + timedelta(days=21))


def test_after_closing_no_question_is_taken(round_: Round, asker: User) -> None:
    round_.closes_at = MOMENT - timedelta(seconds=1)
    with pytest.raises(ClosedError):
        ask(round_, asker)
    assert db.session.scalar(select(func.count()).select_from(CallQuestion)) == 0


def test_who_asks_very_much_has_to_wait_and_nobody_else(round_: Round, asker: User) -> None:
    for number in range(call_questions.FREE):
        ask(round_, asker, f"Vraag {number}")
    with pytest.raises(TooManyAttemptsError):
        ask(round_, asker, "Nog een")
    ask(round_, factories.make_user(Role.APPLICANT))


def test_a_published_answer_is_there_for_everybody_and_mailed_to_the_asker(
    round_: Round, asker: User
) -> None:
    question = ask(round_, asker)
    answer(question, round_)
    (mail,) = mails()
    assert mail.recipient == asker.email
    assert "Ja, als partner." in mail.body
    assert question in call_questions.find_published(round_)
    assert call_questions.changed_at(question) is None
    assert list(events.verify()) == []


def test_an_answer_to_the_asker_alone_is_not_published(round_: Round, asker: User) -> None:
    question = ask(round_, asker)
    answer(question, round_, publish=False)
    assert len(mails()) == 1
    assert call_questions.find_published(round_) == []
    assert call_questions.find_own(round_, asker.id) == [question]
    answer(question, round_, now=LATER)
    assert call_questions.find_published(round_) == [question]
    assert call_questions.changed_at(question) is None
    assert len(mails()) == 1


def test_a_correction_is_dated_mailed_and_keeps_its_place(round_: Round, asker: User) -> None:
    question = ask(round_, asker)
    answer(question, round_)
    answer(question, round_, "Nee.", now=LATER)
    assert call_questions.changed_at(question) == LATER
    assert question.published_at == MOMENT
    assert [one.recipient for one in mails()] == [asker.email] * 2
    assert "Nee." in mails()[1].body
    names = db.session.scalars(select(Event.name).where(Event.name.like("question.%")).order_by(Event.id))
    assert list(names) == ["question.asked", "question.answered", "question.corrected"]


def test_an_answer_can_be_taken_off_the_page(round_: Round, asker: User) -> None:
    question = ask(round_, asker)
    answer(question, round_)
    answer(question, round_, publish=False, now=LATER)
    assert call_questions.find_published(round_) == []
    assert len(mails()) == 1


def test_a_second_press_changes_and_mails_nothing(round_: Round, asker: User) -> None:
    question = ask(round_, asker)
    seen = call_questions.version_of(question)
    answer(question, round_, seen=seen)
    answer(question, round_, seen=seen, now=LATER)
    assert question.answered_at == MOMENT
    assert len(mails()) == 1


def test_a_colleague_is_never_overwritten_unseen(round_: Round, asker: User) -> None:
    question = ask(round_, asker)
    seen = call_questions.version_of(question)
    answer(question, round_, seen=seen)
    with pytest.raises(ClashError) as clash:
        answer(question, round_, "Nee.", seen=seen, now=LATER)
    assert clash.value.stored.answer == "Ja, als partner."
    assert question.answer == "Ja, als partner."


def test_who_left_gets_no_mail(round_: Round, asker: User) -> None:
    question = ask(round_, asker)
    asker.disabled_at = MOMENT
    answer(question, round_)
    assert mails() == []


def test_the_latest_publication_comes_first(round_: Round, asker: User) -> None:
    first, second = ask(round_, asker, "Een?"), ask(round_, asker, "Twee?")
    answer(second, round_)
    answer(first, round_, now=LATER)
    assert call_questions.find_published(round_) == [first, second]


def test_a_question_belongs_to_its_round(round_: Round, asker: User) -> None:
    question = ask(round_, asker)
    assert call_questions.find(round_, question.id) is not None
    assert call_questions.find(factories.make_round(), question.id) is None


def test_the_office_sees_what_waits_at_the_same_cost(round_: Round, asker: User) -> None:
    actor = actor_of(factories.make_user(Role.OFFICER))
    for number in (1, 3):
        while call_questions.numbers_of(round_).waiting < number:
            ask(round_, asker, f"Vraag {call_questions.numbers_of(round_).waiting}")
        reach = reach_of(actor, *OFFICE)
        assert incoming.counts(reach, reach.rounds).questions == number
        assert incoming.questions_per_round(reach.rounds) == [(round_, number)]
        with QueryCount() as counted:
            assert len(call_questions.page_of(round_, answered=False).asked) == number
        assert counted.count == 1
    answer(call_questions.page_of(round_, answered=False).asked[0].question, round_)
    assert call_questions.numbers_of(round_) == (2, 1)


def test_pages_of_questions_follow_by_key(
    round_: Round, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [ask(round_, asker, f"Vraag {number}") for number in range(5)]
    monkeypatch.setattr(call_questions, "PAGE", 2)
    found: list[CallQuestion] = []
    after: int | None = None
    while True:
        page = call_questions.page_of(round_, answered=False, after=after)
        found += [one.question for one in page.asked]
        after = page.next_after
        if after is None:
            break
    assert found == asked
