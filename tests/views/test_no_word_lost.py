"""Whatever two people do in whatever order, a text that somebody was told is saved is not lost.

The machine types, saves, clashes, chooses, reloads and loses sessions in four windows of two people. After
each step every text of which a person was told that it is saved, or kept, is in the application or among
what is kept of that person; unless a later save replaced it that had shown it, or its writer let it go.
"""

from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete

from subsidy.db import db
from subsidy.models import Application, KeptForm, LoginThrottle, Membership
from subsidy.services import parked
from tests.factories import make_application, make_round, make_user
from tests.section_pages import Fields, fields_on, same_browser, value_of, with_values
from workflows.permissions import Role

WRITTEN = ("title", "summary")
UNREADABLE = "een paar"
WINDOWS = st.sampled_from([0, 1, 2, 3])
ANSWERED = {200, 303, 409, 422}


@dataclass
class Window:
    """What one person has before them: the form, every text it ever showed, and what is not sent yet."""

    person: int
    client: FlaskClient
    fields: Fields = field(default_factory=list)
    shown: dict[str, set[str]] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)

    def value(self, name: str) -> str:
        """The text of a field now."""
        return value_of(self.fields, name)

    def set(self, values: dict[str, str]) -> None:
        """Put other values in the form."""
        data = with_values(self.fields, values)
        self.fields = [(name, value) for name, many in data.items() for value in many]
        for name in WRITTEN:
            self.shown.setdefault(name, set()).add(self.value(name))

    def look(self, page: str) -> None:
        """Have another page in the window, with what it shows, also beside the form to choose from."""
        self.fields = fields_on(page)
        self.shown = {name: {self.value(name)} for name in WRITTEN}
        self.fresh = set()


class Collaboration(RuleBasedStateMachine):
    """Two people with two windows each, in one section."""

    app: Flask

    @initialize()
    def begin(self) -> None:
        """Start a draft of which both are members, and open it in every window."""
        db.session.execute(delete(LoginThrottle))  # every example begins as on a day of its own
        self.people = [make_user(Role.APPLICANT), make_user(Role.APPLICANT)]
        made = make_application(make_round("netwerk"), "draft", member=self.people[0])
        db.session.add(Membership(application_id=made.id, user_id=self.people[1].id, capacity="edit"))
        db.session.commit()
        self.ids = [one.id for one in self.people]
        self.application_id = made.id
        self.address = f"/aanvragen/{made.id}/onderdelen/project"
        self.number = 0
        self.promised: dict[tuple[int, str], set[str]] = {}
        self.windows = []
        for person in (0, 1, 0, 1):
            client = self.app.test_client()
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = self.people[person].get_id(), True
            self.windows.append(Window(person, client))
        for at in range(4):
            self.reload(at)

    @rule(
        at=WINDOWS,
        name=st.sampled_from(WRITTEN),
        months=st.sampled_from(["", "6", "7", UNREADABLE, UNREADABLE]),
        pause=st.booleans(),
    )
    def type(self, at: int, name: str, months: str, *, pause: bool) -> None:
        """Type another text, and a duration that can be read or not; in a pause the script saves."""
        self.number += 1
        self.windows[at].set({name: f"tekst {self.number}"} | ({"months": months} if months else {}))
        self.windows[at].fresh.add(name)
        if pause:
            self.autosave(at)

    @rule(at=WINDOWS)
    def autosave(self, at: int) -> None:
        """Let the script save."""
        window = self.windows[at]
        data = with_values(window.fields, {})
        answer = window.client.post(f"{self.address}/tussendoor", data=data)
        told = answer.get_json()
        assert answer.status_code == 200
        window.set({name: told[name] for name in ("seen", "kept") if name in told})
        if told["state"] == "saved":
            self.told_saved(window)
        elif told["state"] != "elsewhere":
            self.told_kept(window)

    @rule(at=WINDOWS)
    def autosave_without_answer(self, at: int) -> None:
        """Let the answer get lost: the same is sent again before anything else."""
        window = self.windows[at]
        window.client.post(f"{self.address}/tussendoor", data=with_values(window.fields, {}))
        self.autosave(at)

    @rule(at=WINDOWS, choice=st.sampled_from(["mine", "theirs"]))
    def press_save(self, at: int, choice: str) -> None:
        """Press the button; where the page asks for it, choose."""
        window = self.windows[at]
        asked = [name for name, _ in window.fields if name.startswith("choice-")]
        typed = with_values(window.fields, {**dict.fromkeys(asked, choice), "then": "stay"})
        answer = window.client.post(self.address, data=typed)
        assert answer.status_code in ANSWERED
        if answer.status_code == 303:
            if choice == "theirs":
                for name in asked:
                    self.release(window, name.removeprefix("choice-"), {window.person})
                    window.fresh.discard(name.removeprefix("choice-"))
            self.told_saved(window)
            self.reload(at)
            return
        before = {name: window.value(name) for name in WRITTEN}
        fresh, shown = window.fresh, window.shown
        window.look(answer.text)
        assert {name: window.value(name) for name in WRITTEN} == before  # nothing that was typed is gone
        window.fresh, window.shown = fresh, shown
        self.see_choices(window)
        if window.value("kept"):
            self.told_kept(window)

    @rule(at=WINDOWS)
    def reload(self, at: int) -> None:
        """Open the page again; what was not sent is gone, as nobody said that it was saved."""
        window = self.windows[at]
        page = window.client.get(self.address)
        assert page.status_code == 200
        window.look(page.text)
        self.see_choices(window)

    @rule(at=WINDOWS)
    def lose_session_and_save(self, at: int) -> None:
        """Press save after the session ended, log in, and come back to the text."""
        window = self.windows[at]
        typed = {name: window.value(name) for name in (*WRITTEN, "months")}
        answer = self.app.test_client().post(self.address, data=with_values(window.fields, {}))
        assert answer.status_code == 303
        same_browser(window.client, answer)
        secret = answer.location.rpartition("parked%3D")[2]
        page = window.client.get(f"{self.address}?parked={secret}")
        fresh, shown = window.fresh, window.shown
        waits = parked.find(secret, self.address, now=self.app.config["CLOCK"]()) is not None
        assert waits
        window.look(page.text)
        if window.value("parked"):
            assert {name: window.value(name) for name in typed} == typed
            window.fresh, window.shown = fresh, shown
        self.see_choices(window)

    @rule(at=WINDOWS)
    def forget(self, at: int) -> None:
        """Let go of what the page shows and was not saved."""
        window = self.windows[at]
        if not window.value("kept"):
            return
        window.client.post(f"{self.address}/vergeten", data={"kept": window.value("kept")})
        for name in WRITTEN:
            self.release(window, name, {window.person})
        self.reload(at)

    @invariant()
    def everything_promised_is_somewhere(self) -> None:
        """Look for every text of which somebody was told that it is safe."""
        if not hasattr(self, "windows"):
            return
        db.session.expire_all()
        application = db.session.get_one(Application, self.application_id)
        for (person, name), texts in self.promised.items():
            kept = db.session.get(KeptForm, (self.application_id, "project", self.ids[person]))
            places = {getattr(application, name), *(value for _name, value in (kept.typed if kept else []))}
            assert texts <= places, (person, name, texts - places)

    def told_saved(self, window: Window) -> None:
        """What was typed here is promised; what this window showed before gives way, whosever it is."""
        db.session.expire_all()
        application = db.session.get_one(Application, self.application_id)
        for name in WRITTEN:
            if getattr(application, name) == window.value(name):
                self.release(window, name, {0, 1}, but=window.value(name))
            if name in window.fresh:
                self.promised.setdefault((window.person, name), set()).add(window.value(name))
        window.fresh = set()

    def told_kept(self, window: Window) -> None:
        """What was typed here is promised, in the place of what this window kept before."""
        for name in WRITTEN:
            self.release(window, name, {window.person}, but=window.value(name))
            if name in window.fresh:
                self.promised.setdefault((window.person, name), set()).add(window.value(name))

    def release(self, window: Window, name: str, people: set[int], *, but: str | None = None) -> None:
        """What this window had shown is no longer promised to these people."""
        for person in people:
            texts = self.promised.get((person, name), set())
            texts -= window.shown.get(name, set()) - {but}

    def see_choices(self, window: Window) -> None:
        """What stands beside the form to choose from is shown too."""
        application = db.session.get_one(Application, self.application_id)
        db.session.refresh(application)
        for name in WRITTEN:
            if window.value(f"choice-{name}"):
                window.shown[name].add(getattr(application, name))


@pytest.mark.slow
def test_no_word_is_lost(app: Flask) -> None:
    machine = type("Machine", (Collaboration,), {"app": app})
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=25))
