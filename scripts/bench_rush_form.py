"""A page with a form as a browser keeps it: its fields, filled in and sent again and again."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

import html5lib


class Page:
    """The form of a section, or the token of any page that has a form."""

    def __init__(self, page: str) -> None:
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        forms = [form for form in tree.iter("form") if form.get("method") == "post"]
        form = max(forms, key=lambda one: sum(1 for _ in one.iter()))
        self.fields = list(_fields(form))
        self.token = dict(self.fields)["csrf_token"]

    def fill(self, question: str, text: str) -> None:
        """Type an answer."""
        self._set(f"answer-{question}", text)

    def take(self, told: Mapping[str, Any]) -> None:
        """Send along next time what the last answer gave."""
        for name in ("seen", "kept"):
            if name in told:
                self._set(name, str(told[name]))

    def _set(self, name: str, value: str) -> None:
        self.fields = [(key, value if key == name else old) for key, old in self.fields]


def _fields(form: Element) -> Any:
    inside = {id(child) for template in form.iter("template") for child in template.iter()}
    for element in form.iter():
        name = element.get("name")
        if not name or id(element) in inside or element.tag == "button":
            continue
        if element.tag == "textarea":
            yield name, (element.text or "").lstrip("\n")
        elif element.tag == "select":
            for option in element.iter("option"):
                if option.get("selected") is not None:
                    yield name, option.get("value", "")
        elif element.get("type") not in {"file", "submit", "radio", "checkbox"} or (
            element.get("checked") is not None
        ):
            yield name, element.get("value", "")
