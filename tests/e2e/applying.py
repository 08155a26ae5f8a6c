"""What an applicant does on the pages, from a new account to the decision."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.visitor import ATTEMPTS, PATIENCE, Visitor, sha256_of

PROJECT = "Care close to home"
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def register(applicant: Visitor, slug: str, email: str) -> None:
    """Read the round and the blank form, make an account, and finish it through the mail."""
    applicant.open("/")
    first_stop_is_the_skip_link(applicant)
    applicant.in_english()
    applicant.follow(f"Networks, {slug}")
    applicant.follow("Read the whole application form")
    applicant.open(f"/ronden/{slug}")
    applicant.follow("Make an account and apply")
    applicant.fill("Your name", "New Applicant")
    applicant.fill("Your organisation", "Gemeente Texel")
    applicant.fill("E-mail address", email)
    applicant.press("Create an account")
    mail = wait_for_mail(applicant, email)
    link = re.search(r"http\S+/account/bevestigen/\S+", mail)
    assert link, mail
    applicant.open(link[0].removeprefix(applicant.address))
    applicant.fill("New password", "a-long-enough-password")
    applicant.press("Finish your account")
    applicant.press("Log out")
    applicant.follow("Log in")
    applicant.log_in(email, "a-long-enough-password")
    assert applicant.path == "/aanvragen"


def first_stop_is_the_skip_link(visitor: Visitor) -> None:
    """With the keyboard one comes to the skip link first, and it leads to the content."""
    visitor.page.keyboard.press("Tab")
    focused = visitor.page.locator(":focus")
    expect(focused).to_have_attribute("href", "#main")
    expect(focused).to_be_in_viewport()
    focused.press("Enter")
    expect(visitor.page.locator("#main")).to_be_focused()


def wait_for_mail(visitor: Visitor, email: str, *words: str) -> str:
    """The text of the newest mail to this address that says this; the worker sends it."""
    visitor.open("/beheer/post")
    for _attempt in range(ATTEMPTS):
        for mail in visitor.page.locator("article", has_text=f"To {email}").all_inner_texts():
            if all(word in mail for word in words):
                return mail
        visitor.again()
    raise AssertionError(f"no mail to {email} with {words}")


def fill_in(applicant: Visitor, slug: str, folder: Path) -> None:
    """Start an application, fill in every part of it, and see what the checks say meanwhile."""
    applicant.open(f"/ronden/{slug}")
    applicant.press("Start an application")
    applicant.follow("Your project")
    if applicant.scripts:
        assert applicant.tab_through() > 20
    applicant.fill("Title of the project", PROJECT)
    applicant.fill("Summary", "We bring care and welfare together.")
    applicant.fill("Duration in months", "12")
    applicant.tick("Preventing care")
    applicant.fill("What do you want to achieve?", "Fewer people in hospital.")
    answer_no(applicant, "Do you get other public money")
    answer_no(applicant, "Have these parties worked together")
    applicant.press("Save and go on")
    write_the_plan(applicant)
    name_the_partners(applicant)
    pick_the_region(applicant)
    make_the_budget(applicant)
    attach(applicant, folder / "support.pdf")


def answer_no(applicant: Visitor, question: str) -> None:
    """Answer a yes-or-no question."""
    asked = applicant.page.get_by_role("group", name=question).or_(
        applicant.page.get_by_role("radiogroup", name=question)
    )
    asked.last.get_by_role("radio", name="No", exact=True).check()


def write_the_plan(applicant: Visitor) -> None:
    """Answer the questions about the approach, with a line of the planning."""
    applicant.fill("How will you go about it?", "Three groups, each with citizens.")
    applicant.fill("Activity", "First meeting")
    applicant.fill("Result", "Agreements")
    applicant.fill("Done in month", "1")
    applicant.fill("How do citizens", "In every group.")
    applicant.fill("How will the network go on", "The partners pay for it.")
    applicant.press("Save and go on")


def name_the_partners(applicant: Visitor) -> None:
    """Name the lead and two partners; the third domain comes later, so that a check fails meanwhile."""
    lead = applicant.page.get_by_role("group", name="Lead applicant")
    lead.get_by_label("Name of the organisation").fill("Gemeente Texel")
    lead.get_by_label("Takes part as").select_option("gemeente")
    lead.get_by_label("KvK number").fill("12345678")
    answer_no(applicant, "Did one of the participants get")
    add_partner(applicant, "Zorggroep Texel", "zorgaanbieder")
    applicant.fill("Who is the authorised signatory", "A. Director, alderman")
    applicant.fill("Who is the project leader?", "B. Leader, 0222 000 000")
    applicant.fill("How do you work together?", "We decide together, each month.")
    applicant.press("Save")
    applicant.sees("Not met")
    applicant.follow("Who takes part?")
    add_partner(applicant, "Cliëntenraad Texel", "burgers")
    applicant.press("Save")
    applicant.follow("Your region")


def add_partner(applicant: Visitor, name: str, domain: str) -> None:
    """Fill in the last line of the partners, after adding one where all are filled in."""
    partners = applicant.page.get_by_role("group", name="Partners")
    if partners.get_by_label("Name of the organisation").last.input_value():
        add_line(applicant, "Add a partner")
    partners.get_by_label("Name of the organisation").last.fill(name)
    partners.get_by_label("Takes part as").last.select_option(domain)


def add_line(applicant: Visitor, name: str) -> None:
    """Add a line to a list; without scripts the server does it and shows the page again."""
    if applicant.scripts:
        applicant.page.get_by_role("button", name=name, exact=True).click()
    else:
        applicant.press(name)


def pick_the_region(applicant: Visitor) -> None:
    """Pick a municipality by typing, and see what follows at once; tick it where there are no scripts."""
    applicant.fill("Name of the region", "Texel")
    if applicant.scripts:
        search = applicant.page.get_by_role("combobox", name="Municipalities")
        search.fill("tex")
        search.press("Enter")
    else:
        applicant.page.locator("summary", has_text="Noord-Holland").click()
        applicant.tick("Texel")
        applicant.press("Work out again")
    applicant.sees("One municipality")
    applicant.fill("Why is this the right region", "It is an island.")
    applicant.press("Save and go on")


def make_the_budget(applicant: Visitor) -> None:
    """Enter two costs and a contribution; the totals are worked out."""
    applicant.fill("Amount that you ask", "40.000")
    costs = applicant.page.get_by_role("group", name="Costs")
    for what, amount in (("Project leader", "35.000"), ("Meetings", "7.500,50")):
        if costs.get_by_label("Description").last.input_value():
            add_line(applicant, "Add a cost")
        costs.get_by_label("Description").last.fill(what)
        costs.get_by_label("Amount").last.fill(amount)
    funding = applicant.page.get_by_role("group", name="Own contribution")
    funding.get_by_label("Description").fill("Hours")
    funding.get_by_label("Amount").fill("2.500,50")
    applicant.fill("Explain your budget", "Mostly people.")
    if not applicant.scripts:
        applicant.press("Work out again")
    applicant.sees("42,500.50")
    applicant.sees("40,000")
    applicant.press("Save and go on")


def attach(applicant: Visitor, file: Path) -> None:
    """Add a file, and find it in the list."""
    file.write_bytes(PDF + f"% {file.name}\n".encode())
    applicant.page.locator("input[type=file]").last.set_input_files(file)
    applicant.press("Save and go on")


def submit(applicant: Visitor) -> str:
    """Check everything, send it in, and get the receipt as page, mail and PDF; gives the reference."""
    applicant.follow("Check and send in")
    applicant.sees("support.pdf")
    applicant.sees("your application meets the requirements")
    applicant.press("Send in the application")
    reference = applicant.page.locator(".eyebrow").inner_text().split()[0]
    applicant.open(applicant.path.removesuffix("/ontvangst") + "/ontvangst")
    applicant.wait_for("Download as PDF")
    assert sha256_of(applicant.save("Download as PDF")) in applicant.page.get_by_role("main").inner_text()
    return reference


def supply(applicant: Visitor, reference: str, email: str, folder: Path) -> None:
    """Get the mail that asks for it, add the file, and hand in the supplement."""
    mail = wait_for_mail(applicant, email, reference, "letter of support of the council")
    assert "once" in mail
    applicant.follow("My applications")
    applicant.follow(PROJECT)
    applicant.sees("The letter of support of the council of citizens.")
    applicant.follow("Attachments")
    attach(applicant, folder / "citizens.pdf")
    applicant.follow("Check and send the supplement")
    applicant.sees("citizens.pdf")
    applicant.press("Send the supplement")
    applicant.sees("Supplement received")


def answer_the_reports(
    applicant: Visitor, reference: str, email: str, *, project: str = PROJECT, reads: str = "[...]"
) -> None:
    """Get the mail, read the reports without names, save an answer by writing it, and send it in."""
    wait_for_mail(applicant, email, reference, "independent reviewers read the application")
    applicant.follow("My applications")
    applicant.follow(project)
    applicant.follow("Read the reports and answer")
    applicant.sees("Reviewer 2")
    applicant.sees(reads)
    applicant.fill("Your answer to the reports", "The second report overlooks the plan for carers.")
    if applicant.scripts:
        expect(applicant.page.locator("[data-save-text]")).to_contain_text("Saved", timeout=PATIENCE)
    applicant.press("Send in the answer")
    applicant.sees("It can no longer be changed.")
    wait_for_mail(applicant, email, reference, "The second report overlooks the plan for carers.")


def read_the_decision(applicant: Visitor, reference: str, email: str, digest: str) -> None:
    """Get the notification, follow it to the file, and download the letter that was confirmed."""
    mail = wait_for_mail(applicant, email, reference, "There is a decision")
    link = re.search(r"http\S+/aanvragen/\d+", mail)
    assert link, mail
    applicant.open(link[0].removeprefix(applicant.address))
    applicant.sees("€ 40,000")
    assert sha256_of(applicant.save("Download the letter (PDF)")) == digest
