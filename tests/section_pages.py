"""The form on a section page, as a browser would send it."""

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


def same_browser(client: FlaskClient, answer: TestResponse) -> None:
    """Give a client the cookies that an answer to another one set, but for the session."""
    for line in answer.headers.getlist("Set-Cookie"):
        name, _, rest = line.partition("=")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(";")[1:])
        if name != "session":
            client.set_cookie(name, rest.partition(";")[0], path=parts["Path"])
