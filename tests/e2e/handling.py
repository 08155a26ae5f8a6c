"""What the office and the evaluator do on the pages, from a new round to its figures."""

import re
from datetime import datetime, timedelta

from tests.e2e.applying import PROJECT
from tests.e2e.reviewing import REASONS
from tests.e2e.visitor import ATTEMPTS, Visitor, sha256_of
from workflows.calendar_nl import AMSTERDAM


def make_round(officer: Visitor, slug: str) -> None:
    """Make a round of the kind netwerk that is open now, and publish it."""
    now = datetime.now(AMSTERDAM)
    officer.follow("Manage rounds")
    officer.follow("New round")
    officer.follow("Network")
    officer.fill("Title", f"Networks, {slug}")
    officer.fill("Number", slug.rpartition("-")[2])
    officer.fill("Short name", slug)
    officer.fill("Opens", f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    officer.fill("Closes", f"{now + timedelta(days=30):%Y-%m-%dT%H:%M}")
    officer.fill("Ceiling", "60.000")
    officer.fill("Official publication", "Staatscourant 2026, 1")
    officer.fill("Date of the official publication", f"{now - timedelta(days=7):%Y-%m-%d}")
    officer.press("Save the round")
    officer.press("Publish the round")
    officer.sees("Open")


def set_phase(officer: Visitor, slug: str, phase: str) -> None:
    """Pass the time: set the phase by hand, with a reason."""
    officer.open(f"/bureau/ronden/{slug}")
    officer.page.get_by_text("Set the phase", exact=True).first.click()
    officer.choose("Phase", phase)
    officer.fill("Reason", "The test does not wait for months.")
    officer.press("Set the phase")
    officer.sees(f"Set by hand: {phase}")


def ask_supplement(officer: Visitor, reference: str) -> None:
    """Find the application in the worklist, and ask once for what is missing."""
    officer.follow("Worklist")
    officer.follow(reference)
    officer.sees("Every check is met.")
    officer.page.get_by_text("Write the request", exact=True).click()
    request = officer.page.get_by_role("region", name="Ask for a supplement")
    request.get_by_label("What is missing").fill("The letter of support of the council of citizens.")
    officer.tick("Attachments", within=request)
    officer.press("Send the request")
    officer.sees("Awaited")


def find_eligible(officer: Visitor, reference: str) -> None:
    """Give the verdict, with its reasons."""
    officer.follow("Worklist")
    officer.follow(reference)
    officer.sees("citizens.pdf")
    officer.tick("Eligible")
    officer.fill("Motivation", "In time and complete, and all requirements are met.")
    officer.press("Record the verdict")


def assign(officer: Visitor, slug: str, reference: str, names: list[str]) -> None:
    """Ask two reviewers, and let the review begin."""
    officer.open(f"/bureau/ronden/{slug}")
    officer.follow("Assign reviewers")
    officer.follow(reference)
    ask(officer, *names)
    officer.press("Begin the review")
    officer.sees("In review")


def ask(officer: Visitor, *names: str) -> None:
    """Ask these reviewers, on the page of an application."""
    for name in names:
        officer.tick(re.compile(f"^{name}", re.IGNORECASE))
    officer.press("Ask these reviewers")


def replace(officer: Visitor, slug: str, reference: str, name: str) -> None:
    """Ask somebody else for the reviewer who has an interest."""
    officer.open(f"/bureau/ronden/{slug}/toewijzen")
    officer.follow(reference)
    officer.sees("Reported an interest")
    ask(officer, name)


def send_reports(officer: Visitor, slug: str, reference: str) -> None:
    """Read the reports as the applicant gets them, take words out, and send them."""
    officer.open(f"/bureau/ronden/{slug}")
    officer.follow("Reports to the applicants")
    officer.follow(f"{reference}: {PROJECT}")
    officer.sees("Private notes and recommendations stay here.")
    field = officer.page.get_by_label(re.compile("^Reviewer 1: ")).first
    field.fill(REASONS.replace("the partners have agreed", "[...]"))
    officer.press("Send the reports to the applicant")
    officer.sees("As the reviewer wrote it")


def advise(officer: Visitor, slug: str, reference: str) -> None:
    """Declare interests, look at the ranking with its ceiling line, and record what the committee says."""
    officer.open(f"/bureau/ronden/{slug}/belangen/mijn")
    declare(officer)
    officer.open(f"/bureau/ronden/{slug}/ranglijst")
    officer.sees("Ceiling")
    officer.sees(reference)
    officer.open("/bureau/")
    officer.follow(re.compile("^To advise"))
    officer.follow(reference)
    officer.follow("Advice of the committee")
    officer.fill("Place in the order of priority", "1")
    officer.fill("Reasons of the committee", "A strong plan with the citizens in every group.")
    officer.press("Record the advice")


def declare(person: Visitor) -> None:
    """Look at who applies in the round, and declare no interest."""
    person.sees("My interests in this round")
    person.tick("I saw this list. I have no interest in these applications, but for what I reported.")
    person.press("Send the declaration")
    person.sees("Nothing came in since.")


def propose(officer: Visitor, slug: str, reference: str) -> str:
    """Propose what the division gives; gives the SHA-256 of the letter that the worker makes of it."""
    today = datetime.now(AMSTERDAM)
    officer.open(f"/bureau/ronden/{slug}/besluiten")
    officer.follow("Propose from the division")
    officer.fill("Announcement date", f"{today:%Y-%m-%d}")
    # The page goes on by itself to what came of it, so it is only looked at there.
    officer.page.get_by_role("button", name="Propose these decisions", exact=True).click()
    officer.page.get_by_text("Without a proposal now", exact=True).wait_for()
    officer.open(f"/bureau/ronden/{slug}/besluiten")
    officer.follow(reference)
    officer.wait_for("Read the letter (PDF)")
    assert officer.page.get_by_role("button", name="Confirm the decision").count() == 0
    return officer.page.locator("code").first.inner_text()


def confirm(second: Visitor, slug: str, reference: str, digest: str) -> None:
    """Read the letter as a second officer, and stand for it."""
    second.open(f"/bureau/ronden/{slug}/belangen/mijn")
    declare(second)
    second.open(f"/bureau/ronden/{slug}/besluiten")
    second.follow(reference)
    assert sha256_of(second.save("Download")) == digest
    second.tick("I have read this letter and stand for it")
    second.press("Confirm the decision")
    second.sees("Confirmed")


def send(officer: Visitor, slug: str) -> None:
    """See the letter go. From nine in the morning on it goes by itself; before that the officer sends it."""
    officer.open(f"/bureau/ronden/{slug}/besluiten")
    for _attempt in range(ATTEMPTS):
        if officer.page.get_by_text("1 of 1 notifications sent").count():
            officer.look()
            return
        if officer.page.get_by_role("button", name="Send 1 letter now").count():
            officer.press("Send 1 letter now")
        officer.open(f"/bureau/ronden/{slug}/besluiten")
    raise AssertionError(officer.page.get_by_role("main").inner_text())


def close_round(officer: Visitor, slug: str) -> None:
    """Close the round: everything is decided and announced."""
    officer.open(f"/bureau/ronden/{slug}")
    officer.follow("To the checklist for closing")
    officer.press("Close the round")
    officer.sees("This round is closed with its decisions.")


def evaluate(evaluator: Visitor, slug: str, reference: str) -> None:
    """See the figures of the round, and download them."""
    evaluator.open(f"/cijfers/{slug}")
    evaluator.sees("€ 40,000")
    table = evaluator.save("All applications (CSV)").read_text(encoding="utf-8-sig")
    assert reference in table
