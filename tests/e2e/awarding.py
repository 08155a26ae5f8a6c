"""How money is awarded on the pages: tried, proposed, confirmed, made known, and what follows."""

import re
import zipfile
from datetime import datetime

from playwright.sync_api import Locator, expect

from tests.e2e.visitor import ATTEMPTS, DESKTOP, PATIENCE, PHONE, Visitor, sha256_of
from workflows.calendar_nl import AMSTERDAM

CHECKLIST = ("period", "decided", "proposals", "made known", "views", "ledger", "chain")


class Beholder(Visitor):
    """Somebody who looks at every page twice: on a large screen and on a phone."""

    def look(self) -> None:
        """Look at this page at both widths."""
        super().look()
        self.resize(PHONE)
        self.measure()
        faults = self.faults()
        assert faults == [], (self.path, PHONE, faults)
        self.resize(DESKTOP)


def today() -> str:
    """The day of the announcements, as a date field takes it."""
    return f"{datetime.now(AMSTERDAM):%Y-%m-%d}"


def figure(visitor: Visitor, label: str) -> str:
    """The number of a page that stands below this label."""
    value = visitor.page.locator(".stat").filter(has=visitor.page.get_by_text(label, exact=True))
    return value.locator("dd").first.inner_text().replace("\N{NO-BREAK SPACE}", " ")


def card(visitor: Visitor, heading: str) -> Locator:
    """The part of a page with this heading."""
    return visitor.page.get_by_role("region", name=heading, exact=True)


def give_mandate(administrator: Visitor, name: str) -> None:
    """Record a mandate to award, to reject and to withdraw, without a limit, on all rounds."""
    administrator.open("/beheer/mandaten/geven")
    administrator.choose("Officer", name)
    for power in ("Award", "Rejection", "Withdrawal of an award"):
        administrator.tick(power)
    administrator.fill("Function", "Head of subsidies")
    administrator.fill("Mandate decision", "Mandate decision 2026, article 3")
    administrator.fill("First day", today())
    administrator.press("Give this mandate")
    administrator.sees(f"{name} has the mandate.")


def make_scenario(officer: Visitor, slug: str, name: str, ceiling: str) -> None:
    """Try another ceiling on a copy of the round, and keep it under a name."""
    officer.open(f"/bureau/ronden/{slug}")
    officer.follow("What if")
    officer.follow("New scenario")
    officer.fill("Name", name)
    officer.fill("Note", "What the board asked for in its last meeting.")
    officer.fill("Ceiling", ceiling)
    officer.press("Save the scenario")


def compare(officer: Visitor, slug: str, *names: str) -> str:
    """Put kept scenarios beside what the round gives; gives all that the workbook of it says."""
    officer.open(f"/bureau/ronden/{slug}/wat-als")
    for name in names:
        officer.tick(f"Compare {name}")
    officer.press("Compare")
    officer.press("Make a PDF")
    officer.wait_for("Download the PDF")
    sha256_of(officer.save("Download the PDF"))
    with zipfile.ZipFile(officer.save("Download the workbook (xlsx)")) as workbook:
        parts = [one for one in workbook.namelist() if one.startswith("xl/worksheets/")]
        return "\n".join(workbook.read(one).decode() for one in parts)


def propose_all(officer: Visitor, slug: str, number: int) -> None:
    """Have every application proposed; the page shows how far it is, and by itself what came of it."""
    officer.open(f"/bureau/ronden/{slug}/besluiten")
    officer.follow("Propose from the division")
    officer.fill("Announcement date", today())
    officer.page.get_by_role("button", name="Propose these decisions", exact=True).click()
    expect(officer.page.get_by_text("Without a proposal now", exact=True)).to_be_visible(timeout=PATIENCE)
    officer.look()
    assert figure(officer, "Proposed") == str(number)
    assert figure(officer, "Without a proposal now") == "0"


def depart(officer: Visitor, slug: str, reference: str, amount: str, why: str) -> None:
    """Send a proposal back and make another, that gives less than the division and says why."""
    open_decision(officer, slug, reference)
    back = card(officer, "Send back")
    back.get_by_text("Something has to change", exact=True).click()
    back.get_by_label("Why you send it back").fill("The budget holds costs that nobody can get money for.")
    officer.press("Send back", within=back)
    officer.follow("Propose a decision")
    officer.fill("Amount of the award", amount)
    officer.fill("Announcement date", today())
    officer.page.get_by_role("button", name="Propose the decision", exact=True).click()
    expect(officer.page.get_by_role("link", name=re.compile("This differs from the advice"))).to_be_visible()
    answered = [told for told in officer.complaints if "422" not in told]
    assert answered == []
    officer.complaints.clear()
    officer.look()
    officer.fill("Why it departs from the advice", why)
    officer.press("Propose the decision")
    officer.sees("The decision is proposed; its letter is being made.")


def open_decision(person: Visitor, slug: str, reference: str) -> None:
    """Find the decision on an application in the list of its round."""
    person.open(f"/bureau/ronden/{slug}/besluiten")
    person.follow(reference)


def confirm_one(second: Visitor, slug: str, reference: str) -> str:
    """Read the letter of one decision and stand for it; gives the digest of what was read."""
    open_decision(second, slug, reference)
    second.wait_for("Download")
    digest = sha256_of(second.save("Download"))
    second.sees(digest)
    second.tick("I have read this letter and stand for it")
    second.press("Confirm the decision")
    second.sees("The decision is confirmed.")
    return digest


def confirm_rest(second: Visitor, slug: str, number: int) -> None:
    """Open every letter that waits, tick what was read, and confirm all of it in one go."""
    here = f"/bureau/ronden/{slug}/besluiten/bevestigen"
    wait_for_letters(second, here)
    for _letter in range(number):
        next_one = second.page.get_by_role("link", name="Read the next letter", exact=True)
        letter = second.page.request.get(second.address + str(next_one.get_attribute("href")))
        assert letter.headers["content-type"] == "application/pdf"
        assert letter.body().startswith(b"%PDF-")
        second.page.goto(second.address + here)
    second.follow("Tick what I read on this page")
    assert second.page.get_by_role("checkbox", checked=True).count() == number
    second.tick(re.compile("^I have read"))
    second.press("Confirm the ticked decisions")
    second.sees(f"{number} decisions are confirmed.")


def wait_for_letters(second: Visitor, here: str) -> None:
    """Come back until the worker made every letter."""
    second.page.goto(second.address + here)
    for _attempt in range(ATTEMPTS):
        if not second.page.get_by_text(re.compile("still being made")).count():
            second.look()
            return
        second.again()
    raise AssertionError(second.page.get_by_role("main").inner_text())


def make_known(officer: Visitor, slug: str, *, by_post: int, by_mail: int) -> None:
    """Record what was posted, and see the rest go: from nine in the morning it goes by itself."""
    here = f"/bureau/ronden/{slug}/besluiten"
    officer.open(here)
    if by_post:
        letters = "letter" if by_post == 1 else "letters"
        officer.press(f"I posted {by_post} {letters} today")
    send = officer.page.get_by_role("button", name=re.compile(r"^Send \d+ letters? now$"))
    for _attempt in range(ATTEMPTS):
        if by_mail and send.count() and not officer.page.get_by_text("out now.").count():
            officer.press(re.compile(r"^Send \d+ letters? now$"))
        if not officer.page.get_by_role("table").get_by_text("Confirmed", exact=True).count():
            officer.look()
            return
        officer.again()
    raise AssertionError(officer.page.get_by_role("main").inner_text())


def withdraw(officer: Visitor, slug: str, reference: str, why: str) -> None:
    """Propose to take an award back because who got it asks for that."""
    open_decision(officer, slug, reference)
    officer.follow("Withdraw the award")
    officer.tick(re.compile("The recipient asks for the withdrawal"))
    officer.fill("Why this decision takes the place", why)
    officer.fill("Motivation as a whole", why)
    officer.fill("Announcement date", today())
    officer.press("Propose the decision")


def give_next(officer: Visitor, slug: str, reference: str, button: str, why: str) -> None:
    """Propose what the reserve list says that comes next."""
    officer.open(f"/bureau/ronden/{slug}/reservelijst")
    expect(card(officer, "Who is next").get_by_text(reference)).to_be_visible()
    officer.follow(button)
    officer.fill("Why this decision takes the place", why)
    officer.fill("Motivation as a whole", why)
    officer.fill("Announcement date", today())
    officer.press("Propose the decision")


def ask_why(person: Visitor, application_id: int, decision_id: int) -> None:
    """Have a decision made again from its frozen round: it has to come out the same."""
    person.page.goto(f"{person.address}/bureau/aanvragen/{application_id}/besluiten/{decision_id}/waarom")
    person.press("Calculate again")
    expect(card(person, "Calculated again").get_by_text("Identical", exact=True).first).to_be_visible()
    assert not person.page.get_by_text("What differs").count()


def close(officer: Visitor, slug: str) -> None:
    """Go through the checklist and close the round."""
    officer.open(f"/bureau/ronden/{slug}/afsluiten")
    assert (
        officer.page.locator(".tasks li").count()
        == officer.page.locator(".tasks [data-tone=positive]").count()
    )
    officer.press("Close the round")
    officer.sees("This round is closed with its decisions.")
