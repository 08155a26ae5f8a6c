"""The components in a real browser: with scripts, without them, at desktop and at phone width."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server
from wtforms import (
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import InputRequired

from subsidy.access import public
from tests.e2e.visitor import PATIENCE

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
PLACES = [
    SelectChoice("GM0363", "Amsterdam"),
    SelectChoice("GM0637", "Zoetermeer"),
    SelectChoice("GM0448", "Texel"),
    SelectChoice("GM1900", "Súdwest-Fryslân"),
]

PAGE = (Path(__file__).parent / "components.html").read_text(encoding="utf-8")


class Line(Form):
    what = StringField("Description", [InputRequired()])
    kind = SelectField("Kind", choices=[SelectChoice("staff", "Staff"), SelectChoice("goods", "Goods")])
    amount = StringField("Amount", [InputRequired()])


class Everything(Form):
    title = StringField("Title", [InputRequired("Fill in a title.")], description="A hint.")
    plan = TextAreaField("Plan")
    score = RadioField(
        "Score",
        [InputRequired("Choose a score.")],
        choices=[SelectChoice("1", "Good"), SelectChoice("2", "Fair")],
    )
    domains = SelectMultipleField(
        "Domains",
        choices=[SelectChoice("g", "Municipality"), SelectChoice("z", "Insurer")],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    starts = DateField("Start", [InputRequired("Fill in a date.")])
    places = SelectMultipleField("Municipalities", choices=PLACES)
    file = FileField("Plan as a file")
    lines = FieldList(FormField(Line))


@public
def show() -> ResponseReturnValue:
    form = Everything(data={"lines": [{"what": "Staff", "amount": "1.000,50"}]})
    if "wrong" in request.args:
        form.validate()
    return render_template_string(PAGE, form=form, blank=Line(prefix="lines-__index__-"))


@pytest.fixture
def sent(real_app: Flask) -> Iterator[list[dict[str, list[str]]]]:
    """What the browser sent to the page, in order."""
    arrived: list[dict[str, list[str]]] = []

    @public
    def receive() -> ResponseReturnValue:
        arrived.append(request.form.to_dict(flat=False))
        return redirect("/components", 303)

    real_app.add_url_rule("/components", "components", show, methods=["GET"])
    real_app.add_url_rule("/components", "receive", receive, methods=["POST"])
    server = make_server("127.0.0.1", 0, real_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    real_app.config["TEST_ADDRESS"] = f"http://127.0.0.1:{server.server_port}/components"
    yield arrived
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def address(real_app: Flask, sent: list[dict[str, list[str]]]) -> str:
    assert sent == []
    found: str = real_app.config["TEST_ADDRESS"]
    return found


@pytest.fixture
def page(browser: Browser, sent: list[dict[str, list[str]]]) -> Iterator[Page]:
    """A page, closed before the server is.

    It may not complain: no script error, and nothing that the security policy had to stop.
    """
    assert sent == []
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("query", ["", "?wrong"])
def test_everybody_can_use_them(page: Page, address: str, width: int, query: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + query)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]] == []


def test_a_failed_form_begins_at_its_errors_and_leads_to_each(page: Page, address: str) -> None:
    page.goto(address + "?wrong")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert summary.get_by_role("link").all_inner_texts()[:2] == [
        "Title: Fill in a title.",
        "Score: Choose a score.",
    ]
    summary.get_by_role("link").nth(1).click()
    expect(page.get_by_role("radio", name="Good")).to_be_focused()
    assert page.get_by_label("Title").get_attribute("aria-describedby") == "title-hint title-error"


def test_words_are_counted_while_typing(page: Page, address: str) -> None:
    page.goto(address)
    line = page.locator("#plan-words")
    page.locator("#plan").fill("one two\nthree")
    assert re.findall(r"\d+", line.inner_text()) == ["3", "5"]
    assert line.get_attribute("data-over") is None
    page.locator("#plan").fill("one two three four five six")
    assert re.findall(r"\d+", line.inner_text()) == ["6", "5", "1"]
    assert line.get_attribute("data-over") == ""


def test_a_long_list_is_searched_by_typing(
    page: Page, address: str, sent: list[dict[str, list[str]]]
) -> None:
    page.goto(address)
    search = page.get_by_role("combobox", name="Municipalities")
    search.fill("sudwest")
    search.press("Enter")
    search.fill("e")
    search.press("ArrowDown")
    search.press("ArrowDown")
    assert page.locator(".picker-list [aria-selected=true]").all_inner_texts() == ["Zoetermeer"]
    search.press("Enter")
    page.get_by_role("button", name=re.compile("Zoetermeer")).click()
    search.fill("tex")
    page.get_by_role("option", name="Texel").click()
    search.fill("nowhere")
    expect(page.locator(".picker-list")).to_be_hidden()
    fill_in(page)
    assert sent[0]["places"] == ["GM0448", "GM1900"]


def test_lines_are_added_and_removed_and_summed(
    page: Page, address: str, sent: list[dict[str, list[str]]]
) -> None:
    page.goto(address)
    total = page.locator("output[data-total=lines]")
    assert total.inner_text().endswith("1.000,50")
    page.get_by_role("button", name="Add a line").click()
    expect(page.locator("#lines-1-what")).to_be_focused()
    page.locator("#lines-1-what").fill("Hall")
    page.locator("#lines-1-amount").fill("€ 250")
    assert total.inner_text().endswith("1.250,50")
    page.get_by_role("button", name="Add a line").click()
    page.locator("#lines-2-amount").fill("9,5")
    assert total.inner_text().endswith("1.260")
    page.locator("[data-remove-row]").nth(0).click()
    assert total.inner_text().endswith("259,50")
    fill_in(page)
    assert {name: values for name, values in sent[0].items() if name.startswith("lines")} == {
        "lines-1-what": ["Hall"],
        "lines-1-kind": ["staff"],
        "lines-1-amount": ["€ 250"],
        "lines-2-what": [""],
        "lines-2-kind": ["staff"],
        "lines-2-amount": ["9,5"],
    }


def test_a_form_is_sent_once(page: Page, address: str, sent: list[dict[str, list[str]]]) -> None:
    page.goto(address)
    page.locator("#title").fill("Twice")
    with page.expect_navigation():
        page.evaluate(
            "() => { const send = document.querySelector('[name=act]'); send.click(); send.click(); }"
        )
    assert [form["act"] for form in sent] == [["send"]]


def test_unsaved_entries_are_not_left_by_accident(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#title").press_sequentially("Unsaved")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.goto(address)
    assert asked == ["beforeunload"]


def test_everything_works_without_scripts(
    browser: Browser, address: str, sent: list[dict[str, list[str]]]
) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(address)
    places = page.get_by_role("group", name="Municipalities")
    places.get_by_label("Amsterdam").check()
    places.get_by_label("Texel").check()
    page.get_by_role("button", name="Add a line").click()
    assert sent[0]["add"] == ["lines"]
    assert sent[0]["places"] == ["GM0363", "GM0448"]
    page.goto(address)
    page.locator("[data-remove-row]").first.click()
    assert sent[1]["remove"] == ["lines-0"]
    page.close()


def fill_in(page: Page) -> None:
    page.locator("#title").fill("A title")
    with page.expect_navigation():
        page.get_by_role("button", name="Send").click()
