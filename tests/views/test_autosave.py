"""Saving while people write: what a script asks, and what comes back after a session ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import Application, KeptForm, Membership, ParkedForm, Presence, User
from tests.conftest import Clock, QueryCount
from tests.factories import make_application, make_round, make_user
from tests.pages import parse, words
from tests.section_pages import FormWindow, same_browser, with_values
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
JSON = {"Accept": "application/json"}
OWN = {"Origin": "http://localhost"}
# As the e-mail of a busy person: quotes, marks and a character that no database takes.
TEXT = 'Wij <b>starten</b> op "maandag"\0 & door'
STORED = TEXT.replace("\0", "")


@pytest.fixture
def lead(app: Flask) -> User:
    return make_user(Role.APPLICANT, name="Anna de Boer", locale="en")


@pytest.fixture
def partner(app: Flask) -> User:
    return make_user(Role.APPLICANT, name="Fatima Idrissi", locale="en")


@pytest.fixture
def application(app: Flask, lead: User, partner: User) -> Application:
    made = make_application(make_round("netwerk"), "draft", member=lead)
    db.session.add(Membership(application_id=made.id, user_id=partner.id, capacity="edit"))
    db.session.commit()
    return made


class Window(FormWindow):
    """A window with a section open, of one person."""

    def __init__(self, client: FlaskClient, application_id: int, section: str = "project") -> None:
        super().__init__(client, f"/aanvragen/{application_id}/onderdelen/{section}")

    def autosave(self, **typed: str) -> dict[str, Any]:
        return self.send_meanwhile(typed)

    def save(self, **typed: str) -> Any:
        return self.client.post(self.address, data=with_values(self.fields, typed))


def stored(application: Application) -> Application:
    db.session.expire_all()
    return db.session.get_one(Application, application.id)


def kept_of(user: User) -> KeptForm | None:
    db.session.expire_all()
    return db.session.scalars(select(KeptForm).where(KeptForm.user_id == user.id)).one_or_none()


class TestAutosave:
    def test_stores_what_was_typed_and_says_when(
        self, as_user: LogIn, lead: User, application: Application, clock: Clock
    ) -> None:
        window = Window(as_user(lead), application.id)
        clock.now += timedelta(hours=3, minutes=33)  # 14:03 in Amsterdam
        told = window.autosave(title="Samen", summary=TEXT)
        assert (told["state"], told["text"]) == ("saved", "Saved 14:03")
        one = stored(application)
        assert (one.title, one.summary, one.version) == ("Samen", STORED, 2)
        assert window.autosave(title="Samen", summary=TEXT)["state"] == "saved"
        assert stored(application).version == 2  # the same twice is one save

    def test_keeps_what_cannot_be_read_and_gives_it_back_with_its_message(
        self, as_user: LogIn, lead: User, application: Application
    ) -> None:
        window = Window(as_user(lead), application.id)
        told = window.autosave(title="Nieuw", months="een jaar of twee")
        assert (told["state"], "1 field" in told["text"]) == ("unreadable", True)
        assert stored(application).title != "Nieuw"
        again = Window(window.client, application.id)
        assert (again.value("title"), again.value("months")) == ("Nieuw", "een jaar of twee")
        page = again.open()
        assert 'href="#months"' in page
        assert f'action="{again.address}/vergeten"' in page
        assert again.autosave(months="12")["state"] == "saved"
        assert (stored(application).title, stored(application).months) == ("Nieuw", 12)
        assert kept_of(lead) is None

    def test_costs_few_statements(
        self, as_user: LogIn, lead: User, application: Application, count_queries: type[QueryCount]
    ) -> None:
        application_id = application.id
        counts = {}
        for section, typed in (
            ("project", {"title": "Samen"}),
            ("plan", {"answer-approach": "Stap voor stap."}),
        ):
            window = Window(as_user(db.session.merge(lead)), application_id, section)
            db.session.expunge_all()
            with count_queries() as counted:
                assert window.autosave(**typed)["state"] == "saved"
            counts[section] = counted.count
        assert counts == {"project": 8, "plan": 7}, counted.statements

    def test_tells_a_visitor_to_log_in_and_changes_nothing(
        self, app: Flask, as_user: LogIn, lead: User, application: Application
    ) -> None:
        window = Window(as_user(lead), application.id)
        answer = app.test_client().post(
            f"{window.address}/tussendoor", data=with_values(window.fields, {"title": "x"}), headers=JSON
        )
        assert (answer.status_code, answer.get_json()) == (
            401,
            {"state": "login", "url": "/account/inloggen"},
        )
        assert stored(application).title != "x"

    def test_of_an_earlier_session_gets_the_mark_of_the_present_one(
        self, as_user: LogIn, lead: User, application: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        window = Window(as_user(lead), application.id)
        monkeypatch.setitem(window.client.application.config, "WTF_CSRF_ENABLED", True)
        data = with_values(window.fields, {"title": "Samen", "csrf_token": "of an earlier session"})
        refused = window.client.post(f"{window.address}/tussendoor", data=data, headers=JSON)
        told = refused.get_json()
        assert (refused.status_code, told["state"], told["person"]) == (400, "token", lead.id)
        assert stored(application).title != "Samen"
        data["csrf_token"] = [told["token"]]
        again = window.client.post(f"{window.address}/tussendoor", data=data, headers=JSON)
        assert again.get_json()["state"] == "saved"

    def test_after_sending_in_keeps_the_text_and_shows_it(
        self, as_user: LogIn, lead: User, application: Application
    ) -> None:
        window = Window(as_user(lead), application.id)
        stored(application).state = "submitted"
        application.reference, application.submitted_at = "NET-1", application.created_at
        db.session.commit()
        told = window.autosave(summary="Nog een laatste zin.")
        assert (told["state"], told["link"]["url"]) == ("closed", window.address)
        page = window.client.get(window.address)
        assert "Nog een laatste zin." in words(parse(page.text).find(".//blockquote"))
        sent = window.save(summary="En nog een.")
        assert sent.status_code == 409
        assert "En nog een." in words(parse(sent.text).find(".//blockquote"))
        assert stored(application).summary == "Samenvatting"

    def test_what_is_no_section_is_kept_nowhere(
        self, as_user: LogIn, lead: User, application: Application
    ) -> None:
        client = as_user(lead)
        one = stored(application)
        one.state, one.reference, one.submitted_at = "submitted", "NET-1", one.created_at
        db.session.commit()
        for name in ("nothing", "n" * 200):  # longer than any column
            address = f"/aanvragen/{one.id}/onderdelen/{name}/tussendoor"
            assert client.post(address, data={"title": "Samen"}, headers=JSON).status_code == 404
        assert kept_of(lead) is None


class TestTwoPeople:
    def test_in_different_questions_never_clash(
        self, as_user: LogIn, lead: User, partner: User, application: Application
    ) -> None:
        anna, fatima = (Window(as_user(one), application.id) for one in (lead, partner))
        assert anna.autosave(title="Van Anna")["state"] == "saved"
        told = fatima.autosave(summary="Van Fatima")
        assert told["state"] == "saved"
        assert told["link"]["url"] == fatima.address  # the title on her page is an older one
        assert fatima.autosave(summary="Van Fatima, langer")["state"] == "saved"
        assert (stored(application).title, application.summary) == ("Van Anna", "Van Fatima, langer")
        assert fatima.autosave(title="Toch van Fatima")["state"] == "clash"  # she never saw that of Anna
        assert stored(application).title == "Van Anna"

    def test_choose_when_both_changed_the_same(
        self, as_user: LogIn, lead: User, partner: User, application: Application
    ) -> None:
        anna, fatima = (Window(as_user(one), application.id) for one in (lead, partner))
        anna.autosave(title="Van Anna", summary="Van Anna ook")
        assert fatima.autosave(title="Van Fatima", summary="Van Fatima ook")["state"] == "clash"
        page = fatima.open()
        assert {"Van Anna", "Van Anna ook"} <= set(_texts(page))
        assert (fatima.value("title"), fatima.value("choice-title")) == ("Van Fatima", "mine")
        assert fatima.save(**{"choice-summary": "theirs"}).status_code == 303
        one = stored(application)
        assert (one.title, one.summary) == ("Van Fatima", "Van Anna ook")
        assert kept_of(partner) is None

    def test_a_choice_of_what_was_changed_again_is_asked_again(
        self, as_user: LogIn, lead: User, partner: User, application: Application
    ) -> None:
        anna, fatima = (Window(as_user(one), application.id) for one in (lead, partner))
        anna.autosave(title="Van Anna")
        assert fatima.save(title="Van Fatima").status_code == 409
        fatima.open()
        anna.autosave(title="Van Anna, beter")
        again = fatima.save()
        assert again.status_code == 409
        assert "Van Anna, beter" in again.text
        assert stored(application).title == "Van Anna, beter"

    def test_see_each_other(
        self, as_user: LogIn, lead: User, partner: User, application: Application, clock: Clock
    ) -> None:
        anna = Window(as_user(lead), application.id)
        assert "Anna de Boer works in this part too" in Window(as_user(partner), application.id).open()
        ask = f"{anna.address}/aanwezig"
        assert anna.client.post(ask).get_json() == {"text": "Fatima Idrissi works in this part too."}
        clock.now += timedelta(seconds=61)
        assert anna.client.post(ask).get_json() == {"text": ""}
        anna.open()
        assert db.session.scalars(select(Presence.user_id)).all() == [lead.id]
        assert anna.client.post(f"/aanvragen/{application.id}/onderdelen/niets/aanwezig").status_code == 404


class TestTwoWindowsOfOnePerson:
    def test_the_one_never_takes_away_what_the_other_kept(
        self, as_user: LogIn, lead: User, application: Application
    ) -> None:
        client = as_user(lead)
        first, second = Window(client, application.id), Window(client, application.id)
        assert first.autosave(months="veel")["state"] == "unreadable"
        assert second.autosave(summary="Kort en goed")["state"] == "saved"
        assert second.autosave(months="weinig")["state"] == "elsewhere"
        kept = kept_of(lead)
        assert kept is not None
        assert ["months", "veel"] in kept.typed
        assert first.autosave(months="heel veel")["state"] == "unreadable"

    def test_what_is_forgotten_is_what_was_shown(
        self, as_user: LogIn, lead: User, application: Application
    ) -> None:
        window = Window(as_user(lead), application.id)
        window.autosave(months="veel")
        forget = f"{window.address}/vergeten"
        assert window.client.post(forget, data={"kept": "something else"}).status_code == 303
        assert kept_of(lead) is not None
        assert window.client.post(forget, data={"kept": window.value("kept")}).location == window.address
        assert kept_of(lead) is None


class TestWithoutScripts:
    def test_a_refused_save_is_kept_for_when_one_comes_back(
        self, as_user: LogIn, lead: User, application: Application
    ) -> None:
        window = Window(as_user(lead), application.id)
        assert window.save(title="Nieuw", months="tien mille").status_code == 422
        assert window.client.get(f"/aanvragen/{application.id}").status_code == 200
        window.open()
        assert (window.value("title"), window.value("months")) == ("Nieuw", "tien mille")
        assert stored(application).title != "Nieuw"

    def test_a_session_that_ended_costs_no_word(
        self, app: Flask, as_user: LogIn, lead: User, application: Application
    ) -> None:
        window = Window(as_user(lead), application.id)
        data = with_values(window.fields, {"title": "Samen", "summary": TEXT})
        sent = app.test_client().post(window.address, data=data, headers=OWN)
        assert sent.status_code == 303
        assert sent.location.startswith("/account/inloggen?next=")
        same_browser(window.client, sent)
        secret = sent.location.rpartition("parked%3D")[2]
        page = window.open(f"?parked={secret}")
        assert (window.value("title"), window.value("summary")) == ("Samen", STORED)
        assert stored(application).title != "Samen"
        other = window.client.get(f"/aanvragen/{application.id}/onderdelen/plan?parked={secret}")
        assert (other.status_code, "maandag" in other.text) == (200, False)
        assert window.save().status_code == 303
        assert (stored(application).title, application.summary) == ("Samen", STORED)
        assert db.session.scalar(select(func.count()).select_from(ParkedForm)) == 0
        assert f'name="parked" value="{secret}"' in page
        assert 'name="parked" value=""' in window.open(f"?parked={secret}")

    def test_only_who_may_write_gets_a_parked_text(
        self, app: Flask, as_user: LogIn, lead: User, application: Application, clock: Clock
    ) -> None:
        window = Window(as_user(lead), application.id)
        sent = app.test_client().post(window.address, data={"title": "Geheim"}, headers=OWN)
        query = f"?parked={sent.location.rpartition('parked%3D')[2]}"
        other = as_user(make_user(Role.APPLICANT))
        for client in (other, window.client):
            same_browser(client, sent)
        stranger = other.get(window.address + query)
        assert (stranger.status_code, "Geheim" in stranger.text) == (404, False)
        clock.now += timedelta(hours=25)
        window.open(query)
        assert window.value("title") != "Geheim"

    def test_a_mark_of_an_earlier_session_costs_no_word(
        self, as_user: LogIn, lead: User, application: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        window = Window(as_user(lead), application.id)
        monkeypatch.setitem(window.client.application.config, "WTF_CSRF_ENABLED", True)
        data = with_values(window.fields, {"title": "Samen", "csrf_token": "of an earlier session"})
        sent = window.client.post(window.address, data=data, headers=OWN)
        assert (sent.status_code, sent.location.partition("?")[0]) == (303, window.address)
        window.open("?" + sent.location.partition("?")[2])
        assert window.value("title") == "Samen"
        assert window.save().status_code == 303
        assert stored(application).title == "Samen"

    def test_a_link_of_somebody_else_puts_no_words_in_a_form(
        self, app: Flask, as_user: LogIn, lead: User, application: Application
    ) -> None:
        window = Window(as_user(lead), application.id)
        stranger = app.test_client()
        data = with_values(window.fields, {"title": "Woorden van een ander"})
        sent = stranger.post(window.address, data=data, headers=OWN)
        page = window.open(f"?parked={sent.location.rpartition('parked%3D')[2]}")
        assert "Woorden van een ander" not in page
        assert "data-unsaved" not in page

    def test_a_machine_cannot_park_without_end(
        self, app: Flask, as_user: LogIn, lead: User, application: Application
    ) -> None:
        window = Window(as_user(lead), application.id)
        visitor, data = app.test_client(), {"title": "Een tekst met spaties"}
        codes = [visitor.post(window.address, data=data, headers=OWN).status_code for _ in range(51)]
        assert codes == [303] * 50 + [400]
        refused = visitor.post(window.address, data=data, headers=OWN)
        assert "Een tekst met spaties" in words(parse(refused.text).find(".//blockquote"))


def _texts(page: str) -> list[str]:
    return [words(one) for one in parse(page).iter("div") if "choose-words" in (one.get("class") or "")]
