"""Two people write in one section, in real browsers: nothing is lost on the way, whatever happens to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from subsidy import clock
from subsidy.app import create_app
from subsidy.db import db
from subsidy.models import Membership
from subsidy.services import accounts
from tests import factories
from tests.conftest import migrated, new_database, settings_for
from tests.e2e.conftest import PASSWORD, running
from tests.e2e.visitor import PHONE, Visitor

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Draft:
    """Where a draft of two people is."""

    address: str
    section: str


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Draft]:
    """An installation with one draft, of Anna and of Fatima."""
    folder = tmp_path_factory.mktemp("draft")
    with new_database(folder) as url:
        app = migrated(create_app(settings_for(folder, url)))
        with app.app_context():
            people = [
                accounts.create(
                    email=f"{name}@region.example",
                    name=name.title(),
                    password=PASSWORD,
                    locale="en",
                    now=clock.read(),
                )
                for name in ("anna", "fatima")
            ]
            made = factories.make_application(factories.make_round(), "draft", member=people[0])
            db.session.add(Membership(application_id=made.id, user_id=people[1].id, capacity="edit"))
            section = f"/aanvragen/{made.id}/onderdelen/project"
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        with running(folder, url) as address:
            yield Draft(address, section)


def writer(browser: Browser, draft: Draft, name: str, *, scripts: bool = True) -> Visitor:
    """Somebody of the collaboration, at the section."""
    visitor = Visitor(browser, draft.address, scripts=scripts)
    visitor.log_in(f"{name}@region.example", PASSWORD)
    visitor.open(draft.section)
    return visitor


def told(page: Page, words: str) -> None:
    """Wait until the line beside the save button says this."""
    expect(page.locator("[data-save-text]")).to_contain_text(words)


def pocket(page: Page) -> int:
    """How many texts the browser itself keeps."""
    found: int = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('typed:')).length")
    return found


def test_two_people_write_clash_and_choose(browser: Browser, draft: Draft) -> None:
    anna, fatima = writer(browser, draft, "anna"), writer(browser, draft, "fatima")
    fatima.sees("Anna works in this part too.")
    anna.fill("Title of the project", "A title by Anna")
    told(anna.page, "Saved")
    fatima.fill("Summary", "A summary by Fatima.")
    told(fatima.page, "Changed by somebody else meanwhile: Title of the project")
    fatima.fill("Title of the project", "A title by Fatima")
    told(fatima.page, "somebody else changed the same")
    fatima.follow("Compare and choose")
    fatima.resize(PHONE)
    fatima.look()
    fatima.tick("What the other saved")
    fatima.press("Save")
    anna.open(draft.section)
    expect(anna.field("Title of the project")).to_have_value("A title by Anna")
    expect(anna.field("Summary")).to_have_value("A summary by Fatima.")
    assert (pocket(anna.page), pocket(fatima.page)) == (0, 0)
    anna.close()
    fatima.close()


def test_a_lost_connection_and_a_closed_window_cost_no_word(browser: Browser, draft: Draft) -> None:
    anna = writer(browser, draft, "anna")
    anna.context.set_offline(True)
    anna.fill("Summary", "Typed in the train.")
    told(anna.page, "no connection")
    anna.fill("Summary", "Typed in the train, and on.")
    anna.context.set_offline(False)
    told(anna.page, "Saved")
    anna.page.route("**/tussendoor", lambda route: route.abort())
    anna.fill("Summary", "Typed before the window was closed.")
    told(anna.page, "no connection")
    assert pocket(anna.page) == 1
    anna.page.unroute("**/tussendoor")
    anna.page.on("dialog", lambda dialog: dialog.accept())
    anna.complaints.clear()
    with anna.page.expect_navigation(), anna.page.expect_response("**/tussendoor"):
        anna.page.reload()
    expect(anna.field("Summary")).to_have_value("Typed before the window was closed.")
    anna.page.wait_for_function("Object.keys(localStorage).length === 0")
    anna.open(draft.section)
    expect(anna.field("Summary")).to_have_value("Typed before the window was closed.")
    anna.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_session_that_ended_costs_no_word(browser: Browser, draft: Draft, *, scripts: bool) -> None:
    anna = writer(browser, draft, "anna", scripts=scripts)
    anna.context.clear_cookies()
    text = f"Typed after the session had ended, with scripts {scripts}."
    anna.fill("Summary", text)
    if scripts:
        told(anna.page, "you were logged out")
        anna.complaints.clear()
        anna.page.get_by_role("link", name="Log in again").click()
    else:
        anna.page.get_by_role("button", name="Save", exact=True).last.click()
    anna.page.wait_for_url(re.compile("/account/inloggen"))
    anna.page.locator("#email").fill("anna@region.example")
    anna.page.locator("#password").fill(PASSWORD)
    anna.page.get_by_role("main").get_by_role("button").click()
    anna.page.wait_for_url(re.compile(draft.section))
    expect(anna.field("Summary")).to_have_value(text)
    if scripts:
        anna.page.wait_for_function("Object.keys(localStorage).length === 0")
    else:
        anna.press("Save")
    anna.open(draft.section)
    expect(anna.field("Summary")).to_have_value(text)
    anna.close()


def test_who_logs_out_leaves_nothing_behind(browser: Browser, draft: Draft) -> None:
    anna = writer(browser, draft, "anna")
    anna.page.on("dialog", lambda dialog: dialog.accept())
    anna.page.route("**/tussendoor", lambda route: route.abort())
    anna.fill("Summary", "Never to be seen by the next at this computer.")
    told(anna.page, "no connection")
    anna.complaints.clear()
    anna.press("Log out")
    assert pocket(anna.page) == 0
    anna.close()
