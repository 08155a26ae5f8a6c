"""A test client that reads every page as a careful visitor would.

Each HTML answer is parsed: one h1 that starts the title, a language, every form with an action, every
field with a label, no script or style in the page itself.
"""

import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def parse(page: str) -> Element:
    """The page, or the part of one, as a tree; raises ParseError when it is no valid HTML."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = (parser.parse if is_whole(page) else parser.parseFragment)(page)
    return tree


def is_whole(page: str) -> bool:
    """Whether this is a page; a script asks for a part of one, to put in its place."""
    return page.lstrip()[:9].lower() == "<!doctype"


def words(element: Element | None) -> str:
    """The text in an element, with single spaces."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


# What no check looks into, as long as there is something.
_VARYING = re.compile(r' (nonce|value|href|action)="[^"&]+"')
_sound: set[str] = set()


def check_once(page: str, where: str) -> None:
    """Check a page or a part of one, unless only its nonces, values or addresses are new."""
    same = _VARYING.sub(r' \1="varies"', page)
    if same not in _sound:
        (check_page if is_whole(page) else check_fragment)(page, where)
        _sound.add(same)


def check_page(page: str, where: str) -> None:
    """Raise AssertionError for what must be true of every page."""
    tree = parse(page)
    html = tree if tree.tag == "html" else tree.find(".//html")
    assert html is not None, where
    assert html.get("lang") in {"nl", "en"}, where
    headings = [words(heading) for heading in tree.iter("h1")]
    title = words(tree.find(".//title"))
    assert len(headings) == 1, f"{where}: {headings}"
    assert headings[0], where
    assert title.startswith(headings[0]), f"{where}: {title!r} does not start with {headings[0]!r}"
    for form in tree.iter("form"):
        assert form.get("action"), f"{where}: a form without action"
        if form.get("method", "get").lower() == "post":
            assert any(field.get("name") == "csrf_token" for field in form.iter("input")), (
                f"{where}: no CSRF token"
            )
    for script in tree.iter("script"):
        assert script.get("nonce"), f"{where}: a script without nonce"
        assert not words(script), f"{where}: a script inside the page"
    check_parts(tree, where)


def check_fragment(fragment: str, where: str) -> None:
    """Raise AssertionError for what must be true of a part of a page, which a script puts in its place."""
    tree = parse(fragment)
    assert tree.find(".//h1") is None, f"{where}: a second h1 on its page"
    assert tree.find(".//script") is None, f"{where}: a script"
    check_parts(tree, where)


def check_parts(tree: Element, where: str) -> None:
    """Raise AssertionError for an id that comes twice, a style element or attribute, or a handler."""
    assert tree.find(".//style") is None, f"{where}: a style element"
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"{where}: an id twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    for element in tree.iter():
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")], (
            f"{where}: style or handler on <{element.tag}>"
        )


class CheckedClient(FlaskClient):
    """Checks every page that it gets."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's, and the page is checked.

        Tests keep an application context, which requests then share: what the last one remembered (who asks,
        the time) is forgotten first, as it would be outside a test.
        """
        if has_app_context():
            for name in list(g):
                g.pop(name)
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            page, where = response.get_data(as_text=True), urlsplit(response.request.url).path
            check_once(page, where)
        return response
