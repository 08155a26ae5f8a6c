"""Saying who takes part in a browser: choosing by keyboard, and the room for state aid at once."""

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.visitor import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.e2e

APPLICANT, PASSWORD = "aanvrager@demo.example", "samen-in-de-regio"


def at_the_partners(visitor: Visitor) -> Locator:
    """Log in, and open who takes part in a draft; gives the line of the first partner."""
    visitor.log_in(APPLICANT, PASSWORD)
    visitor.open("/aanvragen")
    drafts = visitor.page.get_by_role("link", name=re.compile("Doorontwikkeling Zoetermeer"))
    visitor.open(drafts.first.get_attribute("href") or "")
    visitor.follow("Who takes part?")
    return visitor.page.locator("#partners [data-row]").first


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_an_organisation_is_chosen_by_keyboard_and_its_aid_is_added_up(
    browser: Browser, demo: str, size: tuple[int, int]
) -> None:
    visitor = Visitor(browser, demo, size)
    first = at_the_partners(visitor)
    page = visitor.page
    name = first.get_by_label("Name of the organisation")
    name.fill("")
    name.press_sequentially("texel gemeen", delay=20)
    expect(page.get_by_role("option", name="Gemeente Texel").first).to_be_visible()
    visitor.look()
    name.press("Escape")
    expect(page.locator("#organisation-suggestions")).to_be_hidden()
    name.press("Backspace")
    expect(page.locator("#organisation-suggestions li").first).to_be_visible()
    name.press("ArrowDown")
    name.press("Enter")
    expect(name).to_have_value("Gemeente Texel")

    expect(name).to_be_focused()
    first.get_by_label("Takes part as").select_option(label="Municipality")

    page.get_by_role("radio", name="Yes").first.check()
    aid = page.locator("#aid [data-row]").first
    aid.get_by_label("Organisation").select_option(label="Gemeente Texel")
    aid.get_by_label("Granted on").fill("2025-05-18")
    aid.get_by_label("Granted by").fill("Provincie")
    aid.get_by_label("Amount").fill("300.000,01")
    expect(page.locator("#aid-room")).to_contain_text("€\u00a00.01 over the ceiling")
    page.get_by_role("button", name="Add a partner").press("Enter")
    added = page.locator("#partners [data-row]").last
    expect(added.get_by_label("Name of the organisation")).to_be_focused()
    keys = page.locator("[data-new-key]").evaluate_all("all => all.map((one) => one.value)")
    assert len(set(keys)) == len(keys)
    visitor.look()
    visitor.press("Save")
    assert visitor.complaints == []


def test_without_scripts_the_server_counts(browser: Browser, demo: str) -> None:
    visitor = Visitor(browser, demo, PHONE, scripts=False)
    at_the_partners(visitor)
    page = visitor.page
    page.locator("[name=lead-name]").fill("Gemeente Zoetermeer")
    page.locator("[name=lead-domain]").select_option("gemeente")
    visitor.press("Add earlier aid")
    page.get_by_role("radio", name="Yes").first.check()
    line = page.locator("#aid [data-row]").last
    line.get_by_label("Organisation").select_option(label="Gemeente Zoetermeer")
    line.get_by_label("Granted by").fill("Provincie")
    line.get_by_label("Amount").fill("1")
    visitor.press("Work out again")
    expect(page.locator("#aid-room")).to_contain_text("left")
    assert visitor.complaints == []
