"""A later deadline for one draft, in the browser of an officer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import (
    Application,
    Mail,
    Round,
    User,
)
from subsidy.services import extension
from tests import factories
from tests.conftest import Clock
from tests.pages import parse, words
from workflows.permissions import Role

AsUser = Callable[[User | Role], FlaskClient]


@pytest.fixture
def round_(app: Flask) -> Round:
    return factories.make_round()


@pytest.fixture
def member(app: Flask) -> User:
    return factories.make_user(Role.APPLICANT)


@pytest.fixture
def officer(app: Flask) -> User:
    return factories.make_user(Role.OFFICER)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


class TestExtension:
    def typed(self, draft: Application, **more: str) -> dict[str, str]:
        return {
            "number": extension.code_of(draft),
            "until": "2026-04-02T12:00",
            "reason": "De site deed het niet.",
            **more,
        }

    def test_one_draft_gets_more_time_and_stays_unseen(
        self, round_: Round, member: User, officer: User, as_user: AsUser
    ) -> None:
        draft = factories.make_application(round_, "draft", member=member, title="Geheim plan")
        bureau, here = as_user(officer), f"/bureau/ronden/{round_.slug}/uitstel"
        for _ in range(2):
            assert bureau.post(here, data=self.typed(draft)).location == here
        page = bureau.get(here).text
        assert "Geheim plan" not in page
        assert words(parse(page).find(".//tbody/tr/th")) == extension.code_of(draft)
        assert "De site deed het niet." in page
        assert count(Mail) == 1
        db.session.refresh(draft)
        assert draft.deadline_at is not None
        assert draft.deadline_at.isoformat() == "2026-04-02T10:00:00+00:00"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("number", ""),
            ("number", "1234-ABCD"),
            ("number", "'; DROP TABLE"),
            ("until", "morgen"),
            ("until", "2026-03-01T12:00"),
            ("until", "2026-03-20T12:00"),
            ("until", "2062-04-02T12:00"),
            ("until", "2026-03-29T02:30"),
            ("reason", " "),
            ("reason", "x" * 2001),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_everything_typed_stays(
        self, round_: Round, member: User, officer: User, as_user: AsUser, field: str, value: str
    ) -> None:
        draft = factories.make_application(round_, "draft", member=member)
        typed = self.typed(draft, **{field: value})
        answer = as_user(officer).post(f"/bureau/ronden/{round_.slug}/uitstel", data=typed)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        fields = {one.get("name"): one.get("value") for one in parse(answer.text).iter("input")}
        assert fields["number"] == typed["number"].strip()
        assert fields["until"] == typed["until"]
        db.session.refresh(draft)
        assert draft.deadline_at is None

    def test_an_applicant_gives_nobody_time(self, round_: Round, member: User, as_user: AsUser) -> None:
        draft = factories.make_application(round_, "draft", member=member)
        answer = as_user(member).post(f"/bureau/ronden/{round_.slug}/uitstel", data=self.typed(draft))
        assert answer.status_code == 404

    def test_it_can_be_sent_in_after_closing(
        self, round_: Round, member: User, officer: User, as_user: AsUser, clock: Clock
    ) -> None:
        draft = factories.make_application(round_, "draft", member=member)
        as_user(officer).post(f"/bureau/ronden/{round_.slug}/uitstel", data=self.typed(draft))
        clock.now = round_.closes_at + timedelta(hours=1)
        page = as_user(member).get(f"/aanvragen/{draft.id}").text
        assert "2 april 2026" in page
