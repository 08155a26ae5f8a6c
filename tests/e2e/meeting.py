"""A meeting of the committee on the pages, from making it to its confirmed minutes."""

import re
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from tests.e2e.visitor import ATTEMPTS, Visitor, sha256_of

SOON = 2_000  # milliseconds within which the others see what somebody does
CONCLUSION = "A sound plan. The partners know each other, and citizens decide along from the start."
SCORE_REASON = "The answer of the applicant takes away the doubt about what comes after the subsidy."
PLACE_REASON = "The committee wants this part of the country to take part."


def make(chair: Visitor, slug: str, name: str, secretary: str) -> str:
    """Make a meeting of everybody, and open it with who is there; gives where it is."""
    chair.open(f"/commissie/ronden/{slug}")
    chair.follow("Make a meeting")
    chair.fill("Name of the meeting", name)
    chair.fill("Place", "Room 3")
    chair.choose("Secretary", secretary)
    chair.press("Make the meeting")
    chair.sees("The meeting is made, with every application in review on its agenda.")
    here = chair.path
    chair.press("Open the meeting")
    chair.sees("The meeting is open.")
    return here


def discuss(chair: Visitor, here: str, reference: str) -> None:
    """Put an application under discussion."""
    chair.open(here)
    chair.follow(reference)
    chair.press("Put under discussion")
    chair.sees("End the discussion")


def send_out(chair: Visitor, name: str, member: Visitor) -> None:
    """Record that a member leaves: the file leaves their screen when their page next asks for news.

    What was on its way when they left may ask once more; a clock would tell of the machine instead.
    """
    (news,) = member.page.locator("[hx-trigger^=every]").all()
    every = re.fullmatch(r"every (\d+)ms", news.get_attribute("hx-trigger") or "")
    assert every
    assert int(every[1]) < SOON
    asked: Counter[str] = Counter()
    form = _form(chair, "Record who leaves")
    form.get_by_label("Who leaves the room").select_option(label=name)
    form.get_by_label("Reason").fill("Lives next door to the project leader.")
    with chair.page.expect_navigation(wait_until="commit"):
        form.get_by_role("button", name="Record who leaves", exact=True).click()
    member.page.on("request", lambda one: asked.update([urlsplit(one.url).path]))
    member.page.wait_for_url(re.compile(r"/vergaderingen/\d+$"), wait_until="commit")
    assert asked
    assert max(asked.values()) <= 2, asked
    chair.look()
    # The part of the page that was refused is why the browser left it.
    assert all("404" in told for told in member.complaints), member.complaints
    member.complaints.clear()
    member.look()
    member.sees("A file that is not open to you is under discussion.")


def conclude(chair: Visitor, criterion: str, score: str) -> None:
    """Agree on a score with its reason, write down what was said, conclude, and end the discussion."""
    chair.fill("Notes of the discussion", "Everybody had read the answer of the applicant.")
    chair.press("Save the notes")
    chair.fill(criterion, score)
    chair.fill(f"Why another score for {criterion}", SCORE_REASON)
    chair.fill("Reasons of the committee", CONCLUSION)
    chair.press("Record the advice")
    chair.sees("The advice is recorded.")
    chair.press("End the discussion")
    chair.sees("Discuss again")


def move_up_by_keyboard(chair: Visitor, here: str) -> str:
    """Move what is second to the first place, by keyboard and with the reason; gives its reference."""
    chair.open(f"{here}/volgorde")
    chair.sees(re.compile(r"^Ceiling €\s1,000,000: the division gives"))
    line = chair.page.locator("li.order-line").nth(1)
    reference = line.get_by_role("heading").inner_text().strip()
    line.get_by_role("button", name="Up").focus()
    chair.page.keyboard.press("Enter")
    asked = chair.page.get_by_role("region", name=f"Move {reference}")
    expect(asked).to_be_visible()
    assert all("422" in told for told in chair.complaints), chair.complaints
    chair.complaints.clear()
    chair.look()
    asked.get_by_label("Why this place").focus()
    chair.page.keyboard.type(PLACE_REASON)
    asked.get_by_role("button", name="Keep this place", exact=True).focus()
    with chair.page.expect_navigation():
        chair.page.keyboard.press("Enter")
    chair.look()
    chair.sees(f"{reference} is on place 1.")
    chair.sees(PLACE_REASON)
    return reference


def close(chair: Visitor, here: str) -> None:
    """Close the meeting, now that everything was discussed."""
    chair.open(here)
    chair.press("Close the meeting")
    chair.sees("The meeting is closed.")


def confirm_minutes(chair: Visitor, here: str) -> str:
    """Read the minutes that the worker made, and confirm them; gives their text."""
    chair.open(f"{here}/verslag")
    _wait_for_minutes(chair)
    minutes = chair.save("Download")
    chair.sees(sha256_of(minutes))
    chair.tick("I have read these minutes and they are right")
    chair.press("Confirm the minutes")
    chair.sees(re.compile("confirmed these minutes on"))
    return _text_of(minutes)


def _wait_for_minutes(chair: Visitor) -> None:
    """Come back to the page until the worker is done; the file is there a moment before that."""
    for _attempt in range(ATTEMPTS):
        if chair.page.get_by_role("button", name="Confirm the minutes", exact=True).count():
            chair.look()
            return
        chair.again()
    raise AssertionError(chair.page.get_by_role("main").inner_text())


def refused(visitor: Visitor, path: str) -> bool:
    """Whether somebody gets nothing at this address."""
    status: int = visitor.page.request.get(visitor.address + path).status
    return status == 404  # not found


def _form(visitor: Visitor, button: str) -> Locator:
    pressed = visitor.page.get_by_role("button", name=button, exact=True)
    return visitor.page.locator("form").filter(has=pressed)


def _text_of(pdf: Path) -> str:
    """The words of a PDF, with single spaces: lines and pages break where they break."""
    command = ["/usr/bin/pdftotext", str(pdf), "-"]
    told = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    return " ".join(told.stdout.split())
