"""Picking a region in a browser: what follows from it is there at once, on a screen and on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.visitor import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.e2e

APPLICANT, PASSWORD = "aanvrager@demo.example", "samen-in-de-regio"


def at_the_region(visitor: Visitor) -> None:
    """Log in, and open the region of a draft."""
    visitor.log_in(APPLICANT, PASSWORD)
    visitor.open("/ronden")
    visitor.open("/aanvragen")
    drafts = visitor.page.get_by_role("link", name=re.compile("Doorontwikkeling Zoetermeer"))
    visitor.open(drafts.first.get_attribute("href") or "")
    visitor.follow("Your region")


def tile(visitor: Visitor, name: str) -> Locator:
    """A region on the map."""
    return visitor.page.locator(".tile-map g", has=visitor.page.locator(f"text={name}"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_what_follows_is_there_at_once(browser: Browser, demo: str, size: tuple[int, int]) -> None:
    visitor = Visitor(browser, demo, size)
    at_the_region(visitor)
    page = visitor.page
    expect(page.get_by_role("button", name="Work out again")).to_be_hidden()
    search = page.get_by_role("combobox", name="Municipalities")
    for typed, name in (
        ("sudwest", "Súdwest-Fryslân"),
        ("den haag", "Den Haag"),
        ("appingedam", "Eemsdelta"),
    ):
        search.fill(typed)
        search.press("Enter")
        expect(page.get_by_role("button", name=re.compile(f"Remove .*{name}"))).to_be_visible()
    search.fill("nowhere")
    search.press("Enter")
    expect(search).to_have_value("nowhere")
    expect(tile(visitor, "Frys")).to_have_attribute("data-step", "2")
    page.get_by_label("A whole region or province at once").select_option("GGD Twente")
    page.get_by_role("button", name="Add its municipalities").press("Enter")
    expect(tile(visitor, "Twen")).to_have_attribute("data-step", "4")
    expect(page.get_by_role("status").filter(has_text="Across regions")).to_have_count(1)
    visitor.look()
    page.get_by_label("A whole region or province at once").select_option("GGD Twente")
    page.get_by_role("button", name="Take its municipalities away").press("Enter")
    expect(tile(visitor, "Twen")).to_have_attribute("data-step", "0")
    page.get_by_role("button", name="Remove Eemsdelta").press("Enter")
    expect(tile(visitor, "Gron")).to_have_attribute("data-step", "0")
    visitor.press("Save")
    assert visitor.complaints == []


def test_without_scripts_boxes_are_ticked_per_province(browser: Browser, demo: str) -> None:
    visitor = Visitor(browser, demo, PHONE, scripts=False)
    at_the_region(visitor)
    visitor.page.locator("summary", has_text="Zeeland").press("Enter")
    visitor.page.get_by_label("Terneuzen").press("Space")
    visitor.press("Work out again")
    expect(tile(visitor, "Zeel")).to_have_attribute("data-step", "2")
    visitor.choose("A whole region or province at once", "GGD Zeeland")
    visitor.press("Add its municipalities")
    expect(tile(visitor, "Zeel")).to_have_attribute("data-step", "4")
    assert visitor.complaints == []
