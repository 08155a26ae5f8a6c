"""Saving a review while it is written, and what comes back: nothing that was typed is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Interest, ParkedForm, Review, User
from subsidy.services import reviews
from tests.conftest import Clock, QueryCount
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from tests.section_pages import FormWindow, same_browser, with_values
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
JSON = {"Accept": "application/json"}
OWN = {"Origin": "http://localhost"}
TEXT = 'Een <b>sterk</b> plan, "echt" & door'


@pytest.fixture
def reviewer(app: Flask) -> User:
    return make_user(Role.REVIEWER, locale="en")


@pytest.fixture
def review(app: Flask, reviewer: User) -> Review:
    made = make_review(make_application(make_round(), "in_review"), reviewer, declared_at=MOMENT)
    db.session.commit()
    return made


class Window(FormWindow):
    """A window with the form of a review open."""

    marks = ("version", "seen", "kept")

    def __init__(self, client: FlaskClient, review: Review) -> None:
        super().__init__(client, f"/beoordelen/{review.id}")

    def autosave(self, **typed: str) -> dict[str, Any]:
        return self.send_meanwhile({name.replace("_", "-"): text for name, text in typed.items()})

    def save(self, then: str = "save", **typed: str) -> Any:
        named = {name.replace("_", "-"): text for name, text in typed.items()}
        return self.client.post(self.address, data=with_values(self.fields, named | {"then": then}))


def stored(review: Review) -> reviews.Draft:
    db.session.expire_all()
    return reviews.draft_of(db.session.get_one(Review, review.id))


class TestAutosave:
    def test_stores_what_was_typed_and_says_when(
        self, as_user: LogIn, reviewer: User, review: Review, clock: Clock
    ) -> None:
        window = Window(as_user(reviewer), review)
        clock.now += timedelta(hours=3, minutes=33)  # 14:03 in Amsterdam
        told = window.autosave(motivation_kwaliteit=TEXT, score_kwaliteit="4", notes="voor mij")
        assert (told["state"], told["text"], told["version"]) == ("saved", "Saved 14:03", "2")
        assert stored(review).motivations == {"kwaliteit": TEXT}
        assert stored(review).notes == "voor mij"
        told = window.autosave(motivation_kwaliteit=TEXT + " en door")
        assert (told["state"], told["version"]) == ("saved", "3")
        assert review.handed_in_at is None

    def test_keeps_a_score_off_the_scale_and_gives_it_back(
        self, as_user: LogIn, reviewer: User, review: Review
    ) -> None:
        window = Window(as_user(reviewer), review)
        told = window.autosave(score_kwaliteit="9", motivation_kwaliteit=TEXT)
        assert (told["state"], "1 field" in told["text"]) == ("unreadable", True)
        assert stored(review).motivations == {}
        again = Window(window.client, review)
        assert again.value("motivation-kwaliteit") == TEXT
        assert again.autosave(score_kwaliteit="4")["state"] == "saved"
        assert stored(review).motivations == {"kwaliteit": TEXT}
        assert db.session.scalar(select(Review.kept_mark)) == ""

    def test_costs_as_few_statements_as_the_button(
        self, as_user: LogIn, reviewer: User, review: Review, count_queries: type[QueryCount]
    ) -> None:
        window = Window(as_user(reviewer), review)
        window.autosave(motivation_kwaliteit="een")
        with count_queries() as counted:
            window.autosave(motivation_kwaliteit="twee")
        assert counted.count == 6, counted.statements

    def test_tells_who_lost_the_session(self, client: FlaskClient, review: Review) -> None:
        answer = client.post(f"/beoordelen/{review.id}/tussendoor", data={}, headers=JSON)
        assert (answer.status_code, answer.get_json()["state"]) == (401, "login")

    def test_after_handing_in_elsewhere_keeps_the_text_to_read_and_copy(
        self, as_user: LogIn, reviewer: User, review: Review
    ) -> None:
        window = Window(as_user(reviewer), review)
        review.handed_in_at = MOMENT
        db.session.commit()
        told = window.autosave(motivation_kwaliteit=TEXT)
        assert told["state"] == "closed"
        page = window.client.get(window.address).text
        assert "Een &lt;b&gt;sterk" in page
        forgotten = window.client.post(f"{window.address}/vergeten", data={"kept": told["kept"]})
        assert forgotten.status_code == 303
        assert "Een &lt;b&gt;sterk" not in window.client.get(window.address).text


class TestTwoWindows:
    def test_in_different_criteria_never_clash(self, as_user: LogIn, reviewer: User, review: Review) -> None:
        client = as_user(reviewer)
        tablet, desk = Window(client, review), Window(client, review)
        tablet.autosave(motivation_kwaliteit="op de tablet")
        told = desk.autosave(motivation_relevantie="aan het bureau")
        assert (told["state"], told["version"]) == ("saved", "")
        assert "Motivation for Quality" in told["text"]
        assert desk.autosave(motivation_relevantie="aan het bureau, en meer")["state"] == "saved"
        assert stored(review).motivations == {
            "kwaliteit": "op de tablet",
            "relevantie": "aan het bureau, en meer",
        }

    def test_in_the_same_criterion_choose(self, as_user: LogIn, reviewer: User, review: Review) -> None:
        client = as_user(reviewer)
        tablet, desk = Window(client, review), Window(client, review)
        tablet.autosave(motivation_kwaliteit="op de tablet")
        assert desk.autosave(motivation_kwaliteit="aan het bureau")["state"] == "clash"
        assert stored(review).motivations == {"kwaliteit": "op de tablet"}
        page = desk.open()
        assert "op de tablet" in page
        assert desk.value("motivation-kwaliteit") == "aan het bureau"
        assert desk.save(choice_motivation_kwaliteit="mine").status_code == 303
        assert stored(review).motivations == {"kwaliteit": "aan het bureau"}

    def test_the_one_never_takes_away_what_the_other_kept(
        self, as_user: LogIn, reviewer: User, review: Review
    ) -> None:
        client = as_user(reviewer)
        one, other = Window(client, review), Window(client, review)
        one.autosave(score_kwaliteit="9", notes="van de een")
        assert other.autosave(score_kwaliteit="8", notes="van de ander")["state"] == "elsewhere"
        assert Window(client, review).value("notes") == "van de een"


class TestSessionEnds:
    def test_a_form_without_session_waits_and_comes_back(
        self, as_user: LogIn, client: FlaskClient, reviewer: User, review: Review
    ) -> None:
        window = Window(as_user(reviewer), review)
        data = with_values(window.fields, {"motivation-kwaliteit": TEXT, "then": "hand_in"})
        parked = client.post(window.address, data=data, headers=OWN)
        assert "/account/inloggen" in parked.location
        assert stored(review).motivations == {}
        same_browser(window.client, parked)
        secret = parked.location.rpartition("parked%3D")[2]
        window.open(f"?parked={secret}")
        assert window.value("motivation-kwaliteit") == TEXT
        assert window.save().status_code == 303
        assert stored(review).motivations == {"kwaliteit": TEXT}
        assert db.session.scalars(select(ParkedForm)).all() == []


class TestReportingAnInterest:
    def test_saves_first_and_hands_in_nothing(self, as_user: LogIn, reviewer: User, review: Review) -> None:
        window = Window(as_user(reviewer), review)
        answer = window.save("interest", motivation_kwaliteit=TEXT)
        assert (answer.status_code, answer.location) == (303, f"{window.address}/belang")
        assert stored(review).motivations == {"kwaliteit": TEXT}
        assert review.handed_in_at is None
        assert db.session.scalars(select(Interest)).all() == []

    def test_keeps_what_cannot_be_stored(self, as_user: LogIn, reviewer: User, review: Review) -> None:
        window = Window(as_user(reviewer), review)
        answer = window.save("interest", motivation_kwaliteit=TEXT, score_kwaliteit="9")
        assert (answer.status_code, answer.location) == (303, f"{window.address}/belang")
        assert Window(window.client, review).value("motivation-kwaliteit") == TEXT
