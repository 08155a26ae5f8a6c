"""How letters are worded, sent, repaired, posted, read and verified on the pages."""

import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import Locator, expect

from tests.e2e.awarding import figure
from tests.e2e.visitor import ATTEMPTS, PATIENCE, Visitor

# Wording


def words_of(officer: Visitor, slug: str, page: str) -> None:
    """Open the words of a kind of letter, from the round."""
    officer.open(f"/bureau/ronden/{slug}")
    officer.follow("Words of the letters")
    officer.follow(page)


def save_words(officer: Visitor, **words: str) -> None:
    """Type these words in the fields with these labels, and save the draft."""
    for label, text in words.items():
        officer.fill(label, text)
    officer.press("Save the draft")


def refused_to_publish(officer: Visitor, slug: str, says: str) -> None:
    """See why a draft cannot be published, on the overview and on the page for it."""
    here = f"/bureau/ronden/{slug}/briefteksten"
    officer.open(here)
    officer.sees(re.compile("^It cannot be published yet"))
    officer.sees(says)
    assert not officer.page.get_by_role("link", name="Publish the draft", exact=True).count()
    officer.open(f"{here}/publiceren")
    officer.sees(says)
    assert not officer.page.get_by_role("button", name="Publish these words").count()


def preview(officer: Visitor, slug: str, reference: str, *, says: str) -> None:
    """Look at the letter of a real application as it would be."""
    officer.open(f"/bureau/ronden/{slug}/briefteksten")
    officer.follow("Look at the letter of an application")
    officer.fill("Reference of an application", reference)
    officer.press("Show the letter")
    letter = officer.page.locator(".letter-preview")
    expect(letter).to_contain_text(says)
    expect(letter).to_contain_text(reference)


def publish(officer: Visitor, slug: str, why: str) -> None:
    """Put the draft in force."""
    officer.open(f"/bureau/ronden/{slug}/briefteksten")
    officer.follow("Publish the draft")
    officer.fill("Why the words change", why)
    officer.press("Publish these words")
    officer.sees("In force is version")


# Sending


def start(officer: Visitor, slug: str) -> None:
    """Let the letters of today go; from nine in the morning on they go by themselves."""
    officer.page.goto(f"{officer.address}/bureau/ronden/{slug}/brieven/verzenden")
    officer.page.get_by_role("button", name=re.compile(r"^Send \d+ letters? now$")).click()
    expect(officer.page.get_by_text("The letters are going out.").first).to_be_visible()


def shows(officer: Visitor, label: str, number: str | re.Pattern[str]) -> None:
    """Wait until the page shows this number by itself."""
    stat = officer.page.locator(".stat").filter(has=officer.page.get_by_text(label, exact=True))
    expect(stat.locator("dd").first).to_have_text(number, timeout=2 * PATIENCE)


def hold_up(officer: Visitor) -> None:
    """Hold the letters up, at once."""
    officer.page.get_by_role("button", name="Hold up the letters", exact=True).click()
    expect(officer.page.get_by_text("No letter of this round goes until somebody")).to_be_visible()
    officer.look()


def let_go(officer: Visitor) -> None:
    """Let the letters go on."""
    officer.press("Let the letters go on")
    officer.sees("The letters are going out.")


def failed(officer: Visitor, slug: str, reference: str) -> Locator:
    """Find the letter that was not sent, with its reason, among those of the round."""
    officer.open(f"/bureau/ronden/{slug}/brieven/verzenden")
    row = officer.page.get_by_role("table", name="Not sent").locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(reference)
    expect(row).to_contain_text("The mail server refuses the e-mail address.")
    return row


def try_again(officer: Visitor, slug: str, reference: str) -> None:
    """Try a letter again that failed, from the page of its round."""
    officer.press(f"Try again: {reference}", within=failed(officer, slug, reference))
    officer.sees("It is tried again now.")


def readdress(officer: Visitor, slug: str, reference: str, *, wrong: str, right: str) -> None:
    """Send the notification to another address."""
    officer.follow(f"Repair {reference}", within=failed(officer, slug, reference))
    officer.sees(wrong)
    officer.page.get_by_text(f"Another e-mail address instead of {wrong}").click()
    officer.fill("E-mail address", right)
    officer.press("Send it to this address")
    officer.sees("The notification goes to this address now.")


def ask_paper(applicant: Visitor, title: str, address: str) -> None:
    """Ask for letters on paper, in one's own file."""
    applicant.open("/aanvragen")
    applicant.follow(title)
    applicant.follow("Letters on paper")
    applicant.fill("Postal address", address)
    applicant.press("I want letters on paper")
    applicant.sees("You get our letters by post")


def post(officer: Visitor, slug: str) -> tuple[Path, Path]:
    """Have the PDF for the mail room made, and record that it was posted; gives the PDF and the list."""
    here = f"/bureau/ronden/{slug}/brieven/post"
    officer.open(here)
    officer.press("Make one PDF of all letters")
    officer.wait_for("Download the letters (PDF)")
    papers = officer.save("Download the letters (PDF)"), officer.save("Download the list (xlsx)")
    officer.press("I posted 1 letter today")
    officer.sees("1 letter is recorded as posted.")
    return papers


def sent_all(officer: Visitor, slug: str, *, notified: int, posted: int) -> None:
    """See that every letter of today went."""
    officer.open(f"/bureau/ronden/{slug}/brieven/verzenden")
    for _attempt in range(ATTEMPTS):
        if figure(officer, "Waiting") == figure(officer, "Failed so far") == "0":
            break
        officer.again()
    officer.look()
    shown = {label: figure(officer, label) for label in ("Notified", "Posted", "To be posted")}
    assert shown == {"Notified": str(notified), "Posted": str(posted), "To be posted": "0"}


# Reading


def open_letter(reader: Visitor, title: str, letter: str) -> None:
    """Find a letter that was not opened yet in the post of one's own file, and go to it."""
    reader.open("/aanvragen")
    reader.follow(title)
    reader.follow("Post: letters, messages and e-mails")
    row = reader.page.locator(".post li").filter(has_text=letter)
    expect(row).to_contain_text("Not opened yet")
    reader.follow(letter, within=row)


def code_on(reader: Visitor) -> str:
    """The code of the letter, as its page shows it."""
    found = re.search(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", reader.page.get_by_role("main").inner_text())
    assert found is not None
    return found[0]


def readers_of(officer: Visitor, application_id: int, letter: str) -> Locator:
    """The part of the office's page of letters that is about this one."""
    officer.open(f"/bureau/aanvragen/{application_id}/brieven")
    return officer.page.get_by_role("region", name=re.compile(f"^{letter}, "))


def text_of(pdf: Path) -> list[str]:
    """The text of each page, with its lines put together."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


# Verifying


def check_code(guest: Visitor, code: str) -> None:
    """Ask whether a letter with this code is genuine."""
    guest.open("/echt")
    guest.in_english()
    guest.fill("Code of the letter", code)
    guest.press("Check the code")


def check_file(guest: Visitor, content: bytes) -> None:
    """Ask whether a file is a letter as it was sent."""
    guest.open("/echt")
    guest.page.locator("input[type=file]").set_input_files(
        {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    guest.press("Check the file")
