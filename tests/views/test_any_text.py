"""Every field of every form takes any text: it gives a value or a message, and keeps what was typed."""

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from subsidy.models import Application, User
from tests.factories import make_application, make_round, make_user
from tests.pages import CheckedClient, parse
from workflows.kinds import KINDS
from workflows.permissions import Role

LogIn = Callable[[User | Role], CheckedClient]

STRANGE = (
    "",
    " ",
    "woord " * 5_000,
    "x" * 30_000,
    "\x00\x07\x1b[31m",
    "<script>alert(1)</script>",
    "</textarea><h1>Nog een kop</h1>",
    "<!--",
    "{{ 7 * 7 }} %(name)s ${x} {name}",
    "'; DROP TABLE application; --",
    "../../etc/passwd",
    "\u202eabc\u202c \u0639\u0631\u0628\u0649",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308",
    "a" + "\u0300" * 500,
    "\u2028\u2029\ufeff\u200b",
    "regel een\r\nregel twee\rregel drie",
    "\ufffe\uffff",
)
NUMBERS = (
    "0",
    "-1",
    "12",
    "9" * 40,
    "1e9",
    "0x10",
    "NaN",
    "Infinity",
    "½",
    "\u0661\u0662\u0663",
    "\uff11\uff12",
    "1.000,00",
    "1,000.00",
    "10 000",
    "€ 10.000,-",
    "1.2.3",
    "12 maanden",
    "2026-02-30",
    "31-12-9999",
    "1-1-0001",
    "12345678",
    "NL91 ABNA 0417 1643 00",
    "1234 AB",
    "WK051801 BU05180101 XX1",
    "GM0518",
    "https://example.org/a?b=c",
    "javascript:alert(1)",
    "yes",
)
VALUES = st.one_of(
    st.sampled_from(STRANGE),
    st.sampled_from(NUMBERS),
    st.text(st.characters(codec="utf-8"), max_size=60),
)
ANSWERS = {200, 303, 409, 422}
OURS = {"csrf_token", "seen", "then", "add", "remove", "remove_file", "add_area", "recount"}


def fields_of(page: str, action: str) -> Iterator[tuple[str, Element]]:
    """The fields that a person fills in, in the form that posts to `action`."""
    form = next(
        form
        for form in parse(page).iter("form")
        if form.get("action") == action and form.get("method") == "post"
    )
    for kind in ("input", "textarea", "select"):
        for field in form.iter(kind):
            name = field.get("name") or ""
            # The line that scripts copy is in a template, and no browser sends it.
            if (
                name
                and "__index__" not in name
                and name not in OURS
                and field.get("type") not in {"file", "submit", "button"}
            ):
                yield name, field


def typed_in(page: str, action: str) -> dict[str, str]:
    """What stands in the text fields of the form."""
    return {
        name: (field.text or "") if field.tag == "textarea" else field.get("value", "")
        for name, field in fields_of(page, action)
        if field.tag == "textarea" or (field.tag == "input" and field.get("type", "text") == "text")
    }


def letters(text: str) -> str:
    """What a person sees of a text: the letters, however it is spaced."""
    return "".join(one for one in text if one.isalnum())


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
# Not shrunk: an example is a page of fields already, and shrinking one takes minutes.
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_text_gives_a_value_or_a_message(
    kind: str, data: st.DataObject, app: Flask, as_user: LogIn
) -> None:
    applicant = make_user(Role.APPLICANT)
    application: Application = make_application(make_round(kind), "draft", member=applicant)
    client = as_user(applicant)
    address = f"/aanvragen/{application.id}/onderdelen"
    section = data.draw(st.sampled_from([one.id for one in KINDS[kind].sections]))
    action = f"{address}/{section}"
    page = client.get(action).text
    seen = next(field.get("value", "") for field in parse(page).iter("input") if field.get("name") == "seen")
    typed: dict[str, str | list[str]] = {"seen": seen}
    for name, field in fields_of(page, action):
        options = [option.get("value", "") for option in field.iter("option")] or [field.get("value", "")]
        typed[name] = data.draw(st.one_of(st.sampled_from(options), VALUES), label=name)
    answer = client.post(action, data=typed)
    assert answer.status_code in ANSWERS
    if answer.status_code == 422:
        shown = typed_in(answer.text, action)
        lost = {
            name: value
            for name, value in typed.items()
            if isinstance(value, str) and name in shown and letters(value) != letters(shown[name])
        }
        assert lost == {}, "the page no longer shows what was typed"
    else:
        assert client.get(action).status_code == 200
    assert client.get(f"/aanvragen/{application.id}/nakijken").status_code == 200
