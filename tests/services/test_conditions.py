"""Questions that depend on an answer: hidden is not asked, not stored, and not lost."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidy.models import Application, Attachment
from subsidy.services import conditions
from tests.factories import MOMENT, make_application, make_round
from workflows.definition import Condition, Question, QuestionKind, RoundDefinition, Section, SectionKind
from workflows.kinds import KINDS
from workflows.values import Text


def words(text: str) -> Text:
    return Text(nl=text, en=text)


def asks(identifier: str, kind: QuestionKind = QuestionKind.SHORT_TEXT, when: str | None = None) -> Question:
    return Question(
        id=identifier,
        kind=kind,
        label=words(identifier),
        when=Condition(question=when, equals=True) if when else None,
    )


# Each waits for the one before: has -> which (a choice of yes or no) -> why.
CHAIN = KINDS["regiobeeld"].model_copy(
    update={
        "sections": (
            Section(
                id="chain",
                kind=SectionKind.QUESTIONS,
                title=words("chain"),
                questions=(
                    asks("has", QuestionKind.YES_NO),
                    asks("more", QuestionKind.YES_NO, when="has"),
                    asks("why", when="more"),
                    asks("proof", QuestionKind.FILE, when="more"),
                ),
            ),
        )
    }
)
FULL = {"has": True, "more": True, "why": "Omdat"}


@pytest.fixture
def application(app: Flask) -> Application:
    return make_application(make_round("regiobeeld"), "draft")


def test_a_hidden_answer_is_no_answer_and_comes_back(application: Application) -> None:
    application.answers = {**FULL, "has": False}
    conditions.settle(application, CHAIN)
    assert application.answers == {"has": False}
    assert application.set_aside == {"more": True, "why": "Omdat"}
    application.answers = {"has": True}
    conditions.settle(application, CHAIN)
    assert application.answers == FULL
    assert application.set_aside == {}


def test_what_waits_for_a_hidden_question_is_hidden_too() -> None:
    assert CHAIN.asked(FULL) == {"has", "more", "why", "proof"}
    assert CHAIN.asked({**FULL, "has": False}) == {"has"}
    assert CHAIN.asked({}) == {"has"}


def test_sending_in_lets_go_of_what_is_hidden_also_of_its_files(application: Application) -> None:
    application.answers = {**FULL, "more": False}
    application.attachments = [
        Attachment(
            question=question,
            file_name=f"{question}.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_at=MOMENT,
        )
        for question in ("proof", "elsewhere")
    ]
    conditions.finish(application, CHAIN)
    assert application.answers == {"has": True, "more": False}
    assert application.set_aside == {}
    assert [one.question for one in application.attachments] == ["elsewhere"]


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    turns=st.lists(
        st.fixed_dictionaries(
            {}, optional={"has": st.booleans(), "more": st.booleans(), "why": st.text(max_size=5)}
        ),
        max_size=6,
    )
)
def test_nothing_typed_is_lost_by_turning_questions_on_and_off(
    application: Application, turns: list[dict[str, object]]
) -> None:
    application.answers, application.set_aside = {}, {}
    newest: dict[str, object] = {}
    definition: RoundDefinition = CHAIN
    for turn in turns:
        application.answers = {**application.answers, **turn}
        application.set_aside = {key: one for key, one in application.set_aside.items() if key not in turn}
        newest |= turn
        conditions.settle(application, definition)
        assert {**application.set_aside, **application.answers} == newest
        assert not application.answers.keys() & application.set_aside.keys()
        assert application.answers.keys() <= definition.asked(newest)
