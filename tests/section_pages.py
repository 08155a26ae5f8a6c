"""The form on a page that saves while somebody types, as a browser would send it."""

from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import parse

Fields = list[tuple[str, str]]


def form_on(page: str) -> Element:
    """The form that is filled in."""
    return next(one for one in parse(page).iter("form") if one.get("data-autosave"))


def fields_on(page: str) -> Fields:
    """Names and values of everything in it that is sent along, without files and buttons."""
    found: Fields = []
    form = form_on(page)
    templates = {child for one in form.iter("template") for child in one.iter()}
    for element in form.iter():
        name = element.get("name")
        if name is None or element in templates:
            continue
        if element.tag == "textarea":
            found.append((name, (element.text or "").removeprefix("\n")))
        elif element.tag == "select":
            chosen = [one for one in element.iter("option") if one.get("selected") is not None]
            options = list(element.iter("option"))
            if not chosen and element.get("multiple") is None:
                chosen = options[:1]
            found += [(name, one.get("value", one.text or "")) for one in chosen]
        elif element.tag == "input":
            kind = element.get("type", "text")
            ticked = element.get("checked") is not None
            if kind not in {"file", "submit"} and (kind not in {"radio", "checkbox"} or ticked):
                found.append((name, element.get("value", "on" if ticked else "")))
    return found


def with_values(fields: Fields, values: dict[str, str]) -> dict[str, list[str]]:
    """The same fields with other values, as data to post."""
    data: dict[str, list[str]] = {}
    for name, value in fields:
        if name not in values:
            data.setdefault(name, []).append(value)
    return data | {name: [value] for name, value in values.items()}


def value_of(fields: Fields, name: str) -> str:
    """The value of one field; empty when it is not there."""
    return next((value for one, value in fields if one == name), "")


class FormWindow:
    """A window with such a form open, of one person; `marks` are the fields that an answer renews."""

    marks: tuple[str, ...] = ("seen", "kept")

    def __init__(self, client: FlaskClient, address: str) -> None:
        self.client, self.address = client, address
        self.fields: Fields = []
        self.open()

    def open(self, query: str = "") -> str:
        page = self.client.get(self.address + query)
        assert page.status_code == 200, page.status
        self.fields = fields_on(page.text)
        return page.text

    def value(self, name: str) -> str:
        return value_of(self.fields, name)

    def send_meanwhile(self, typed: dict[str, str]) -> dict[str, Any]:
        """What a pause in typing sends; gives the answer, and goes on with its marks."""
        data, accept = with_values(self.fields, typed), {"Accept": "application/json"}
        answer = self.client.post(f"{self.address}/tussendoor", data=data, headers=accept)
        assert answer.status_code == 200, answer.status
        told: dict[str, Any] = answer.get_json()
        renewed = {name: [told[name]] for name in self.marks if name in told}
        self.fields = [(name, value) for name, values in (data | renewed).items() for value in values]
        return told


def same_browser(client: FlaskClient, answer: TestResponse) -> None:
    """Give a client the cookies that an answer to another one set, but for the session."""
    for line in answer.headers.getlist("Set-Cookie"):
        name, _, rest = line.partition("=")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(";")[1:])
        if name != "session":
            client.set_cookie(name, rest.partition(";")[0], path=parts["Path"])
