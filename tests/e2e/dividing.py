"""How the office divides a round over its reviewers on the pages, and what the chair decides on interests."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.visitor import PATIENCE, Visitor


def propose_division(officer: Visitor, slug: str) -> None:
    """Have the reviews divided, and look at the proposal once the worker made it."""
    officer.open(f"/bureau/ronden/{slug}/toewijzen")
    officer.fill("Most reviews per person", "8")
    # The page goes on by itself when the proposal is there, so it is looked at when it stands still.
    officer.page.get_by_role("button", name="Make a proposal", exact=True).click()
    expect(officer.page.get_by_text("To confirm", exact=True)).to_be_visible(timeout=PATIENCE)
    officer.look()
    officer.sees("Computed exactly: within these rules no division is better.")


def confirm_division(officer: Visitor, reviews: int) -> None:
    """Have everybody asked as proposed."""
    button = re.compile(rf"^Confirm and ask {reviews} reviews?$")
    officer.press(button)
    officer.sees(re.compile(rf"^{reviews} reviews? (is|are) assigned\.$"))


def row_of(officer: Visitor, reference: str) -> Locator:
    """The line of an application in the proposal."""
    return officer.page.get_by_role("row").filter(has_text=reference)


def let_stop(officer: Visitor, slug: str, name: str) -> None:
    """Let a reviewer stop, and see what is left without a reviewer."""
    officer.open(f"/bureau/ronden/{slug}/beoordelaars")
    officer.follow(name)
    officer.follow("Let this person stop")
    officer.fill("Reason", "Ill until the summer.")
    officer.press("Let this person stop")
    officer.sees(re.compile(r"applications lack a reviewer$"))


def uphold(chair: Visitor, slug: str, reference: str, name: str) -> None:
    """Decide that somebody stays out of an application, with the reason."""
    chair.open(f"/bureau/ronden/{slug}/belangen")
    chair.follow(f"{reference}: {name}")
    chair.tick("There is an interest: this person stays out of the application")
    chair.fill("Reason of the decision", "A tie with a partner of less than a year ago.")
    chair.press("Record the decision")
    chair.open(f"/bureau/ronden/{slug}/belangen")
    chair.sees("Nothing waits for a decision.")


def report_an_interest(member: Visitor, slug: str, reference: str) -> None:
    """Find an application in the list of who applies, and report an interest in it."""
    member.open(f"/bureau/ronden/{slug}/belangen/mijn")
    member.fill("Search in this list", reference)
    member.press("Search", within=member.page.get_by_role("main"))
    member.sees("1 of 40 applications.")
    member.follow(f"Report an interest ({reference})")
    member.tick("Family, friends or a relationship")
    member.fill("What is your interest?", "My sister leads this project.")
    member.press("Report this interest")
    member.sees("Reported: Waits for the chair")


def send_all_reports(officer: Visitor, slug: str, number: int) -> None:
    """Send the reports of every application to who applied."""
    officer.open(f"/bureau/ronden/{slug}/wederhoor")
    officer.press("Send the reports of what is ticked")
    officer.sees(f"The reports of {number} applications were sent.")
