"""What an officer types to ask people, and what a reviewer tells about themselves."""

from datetime import date
from time import process_time

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from forms.choices import Place
from forms.reviewer_pool import ask_form, people_in
from forms.reviewer_profile import ProfileForm, profile_form

TODAY = date(2026, 3, 10)
BODIES = [("referent", "Referent"), ("committee", "Commissie")]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("anna@voorbeeld.nl", [("anna@voorbeeld.nl", "")]),
        ("Anna de Vries <Anna@Voorbeeld.nl>", [("anna@voorbeeld.nl", "Anna de Vries")]),
        ("Anna de Vries, anna@voorbeeld.nl;", [("anna@voorbeeld.nl", "Anna de Vries")]),
        ("anna@voorbeeld.nl\tAnna de  Vries", [("anna@voorbeeld.nl", "Anna de Vries")]),
        ("\n a@b.nl A \n\n;\nA@B.nl Nogmaals\nc@d.nl", [("a@b.nl", "A"), ("c@d.nl", "")]),
        ("", []),
    ],
)
def test_people_are_read_one_on_each_line(text: str, people: list[tuple[str, str]]) -> None:
    assert people_in(text) == people


@pytest.mark.parametrize(
    "text",
    ["Anna", "a@b.nl\nBea", "a@b.nl c@d.nl", "a@b", "a@@b.nl", "ä@b.nl", "a@b..nl", "x" * 250 + "@b.nl"],
)
def test_a_line_that_holds_no_one_address_is_named(app: Flask, text: str) -> None:
    with app.test_request_context(), force_locale("en"), pytest.raises(ValueError, match=r"^Line \d"):
        people_in(text)


def test_a_very_long_line_is_refused_at_once(app: Flask) -> None:
    before = process_time()
    with app.test_request_context(), force_locale("en"), pytest.raises(ValueError, match=r"^Line 2"):
        people_in("a@b.nl\n" + "x" * 200_000)
    # Looked through for an address, it takes a quarter of a minute and more.
    assert process_time() - before < 3


def test_asking_needs_people_a_body_and_a_day_to_come(app: Flask) -> None:
    kind = ask_form([Place("7", "Bea", "")], BODIES, TODAY)
    with app.test_request_context():
        form = kind(MultiDict({"new_people": "", "reply_by": "2026-03-09", "most_reviews": "0"}))
        assert not form.validate()
        assert set(form.errors) == {"new_people", "body", "reply_by", "most_reviews"}
        typed = {"people": "7", "body": "referent", "reply_by": "2026-03-10", "most_reviews": "5"}
        assert kind(MultiDict(typed)).validate()
        assert not kind(MultiDict({**typed, "people": "8"})).validate()


def profile(typed: list[tuple[str, str]]) -> ProfileForm:
    kind = profile_form(
        themes=[("preventie", "Preventie")],
        domains=[("gemeente", "Gemeente")],
        languages=[("nl", "Nederlands")],
        known=[Place("GM0637", "Zoetermeer", "Zuid-Holland")],
        own=[Place("GM0637", "Zoetermeer", "Zuid-Holland")],
        former={},
    )
    return kind(MultiDict([("languages", "nl"), *typed]))


def test_a_profile_may_be_almost_empty(app: Flask) -> None:
    with app.test_request_context():
        form = profile([("away-0-first", ""), ("away-0-last", "")])
        assert form.validate(), form.errors
        assert form.absences() == ()
        assert form["kvk"].data is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ([("kvk", "1234567")], "kvk"),
        ([("most_reviews", "0")], "most_reviews"),
        ([("themes", "geheim")], "themes"),
        ([("known", "GM9999")], "known"),
        ([("away-0-first", "2026-05-02"), ("away-0-last", "2026-05-01")], "away"),
        ([("away-0-first", "2026-05-02")], "away"),
        ([("away-0-last", "2026-05-02")], "away"),
        ([("away-0-first", "morgen"), ("away-0-last", "2026-05-02")], "away"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(app: Flask, typed: list[tuple[str, str]], field: str) -> None:
    with app.test_request_context():
        form = profile(typed)
        assert not form.validate()
        assert set(form.errors) == {field}
