"""What a lead and a partner do to apply together: the steps, each for a browser with or without scripts.

Everything that they type is remembered as the receipt has to show it.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from PIL import Image
from playwright.sync_api import Locator, expect
from python_calamine import CalamineWorkbook

from tests.e2e.applying import add_line, add_partner, answer_no, wait_for_mail
from tests.e2e.visitor import Visitor

LEAD_PARTY, PARTNER, CITIZENS = "Gemeente Texel", "Zorggroep Texel", "Cliëntenraad Texel"
CLASH = 409
# What people wait for while a file goes up: fast enough for a test, slow enough to be seen.
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 800_000}


@dataclass
class Pair:
    """The two people, each in a browser, the draft that they share, and every answer that they gave."""

    lead: Visitor
    partner: Visitor
    partner_email: str
    draft: str = ""
    answers: list[str] = field(default_factory=list)

    @property
    def scripts(self) -> bool:
        """Whether their browsers run scripts."""
        return self.lead.scripts

    def type(self, visitor: Visitor, label: str, answer: str) -> None:
        """Answer a question, and remember it."""
        visitor.fill(label, answer)
        self.answers.append(answer)

    def open(self, visitor: Visitor, part: str) -> None:
        """Go to a part of the application, by its id."""
        visitor.open(f"{self.draft}/onderdelen/{part}")

    def close(self) -> None:
        """Send both home."""
        self.lead.close()
        self.partner.close()


def told(visitor: Visitor, words: str) -> None:
    """Wait until the line beside the save button says this; without scripts there is no such line."""
    if visitor.scripts:
        expect(visitor.page.locator("[data-save-text]")).to_contain_text(words)


def named(visitor: Visitor, name: str) -> Locator:
    """A group of fields, or of choices, by its legend."""
    group = visitor.page.get_by_role("group", name=name)
    return group.or_(visitor.page.get_by_role("radiogroup", name=name)).last


def unfold(visitor: Visitor, summary: str) -> None:
    """Open what is folded away."""
    visitor.page.locator("summary", has_text=summary).click()


# Who takes part


def start(pair: Pair, slug: str) -> None:
    """The lead starts an application, and names who takes part."""
    lead = pair.lead
    lead.open(f"/ronden/{slug}")
    lead.press("Start an application")
    pair.draft = lead.path
    lead.follow("Who takes part?")
    applicant = lead.page.get_by_role("group", name="Lead applicant")
    for label, answer in (
        ("Name of the organisation", LEAD_PARTY),
        ("KvK number", "12345678"),
        ("Account number", "NL91 ABNA 0417 1643 00"),
        ("RSIN", "123456782"),
        ("Postcode", "1791 AT"),
    ):
        applicant.get_by_label(label).fill(answer)
        pair.answers.append(answer)
    applicant.get_by_label("Takes part as").select_option("gemeente")
    add_partner(lead, PARTNER, "zorgaanbieder")
    add_partner(lead, CITIZENS, "burgers")
    pair.answers += [PARTNER, CITIZENS, "Municipality", "Care provider"]
    answer_no(lead, "Did one of the participants get")
    pair.type(lead, "Who is the authorised signatory", "A. Director, alderman")
    pair.type(lead, "Who is the project leader?", "B. Leader, 0222 000 000")
    lead.press("Save")


def invite(pair: Pair) -> None:
    """The lead invites the partner's signatory, who makes an account with the link in the mail."""
    lead, partner = pair.lead, pair.partner
    lead.follow("People and organisations")
    lead.fill("E-mail address", pair.partner_email)
    lead.tick(re.compile("^Fill in and sign"))
    lead.page.get_by_label("Organisation").last.select_option(label=PARTNER)
    lead.fill("A few words", "Shall we apply together?")
    lead.press("Send the invitation")
    lead.sees(pair.partner_email)
    partner.open("/")
    partner.in_english()
    mail = wait_for_mail(partner, pair.partner_email, "Shall we apply together?")
    link = re.search(r"http\S+/uitnodiging/\S+", mail)
    assert link, mail
    partner.open(link[0].removeprefix(partner.address))
    partner.fill("Your name", "Pieter Partner")
    partner.fill("New password", "three words together")
    partner.press("Accept and make an account")
    assert partner.path == pair.draft


# Writing together


def write_at_once(pair: Pair) -> None:
    """Both write in one part: different questions are merged, the same question is chosen between."""
    lead, partner = pair.lead, pair.partner
    pair.open(lead, "project")
    pair.open(partner, "project")
    partner.sees("Lidewij Lead works in this part too.")
    pair.type(lead, "Title of the project", "Care close to home on Texel")
    pair.type(lead, "Duration in months", "12")
    told(lead, "Saved")
    if not pair.scripts:
        lead.press("Save")
    pair.type(partner, "Summary", "We bring care and welfare together, <b>really</b> & for everybody.")
    told(partner, "Changed by somebody else meanwhile")
    if not pair.scripts:
        partner.press("Save")
    pair.open(lead, "project")
    pair.open(partner, "project")
    lead.fill("What do you want to achieve?", "A goal that gives way.")
    told(lead, "Saved")
    if not pair.scripts:
        lead.press("Save")
    pair.type(partner, "What do you want to achieve?", "Fewer people in hospital — één ziekenhuis minder.")
    choose_own(partner)
    pair.open(lead, "project")
    expect(lead.field("Summary")).to_have_value(re.compile("^We bring care"))
    expect(lead.field("What do you want to achieve?")).to_have_value(re.compile("^Fewer people"))


def choose_own(partner: Visitor) -> None:
    """See both texts, and let one's own stay."""
    if partner.scripts:
        told(partner, "somebody else changed the same")
        partner.follow("Compare and choose")
    else:
        with partner.page.expect_navigation() as answer:
            partner.page.get_by_role("button", name="Save", exact=True).last.click()
        assert answer.value.status == CLASH
        partner.complaints.clear()
        partner.look()
    partner.sees("A goal that gives way.")
    partner.tick("Yours, as it stands in the form below")
    partner.press("Save")


def answer_under_conditions(pair: Pair) -> None:
    """What is asked depends on an answer: it shows and hides at once, and without scripts it always shows."""
    lead = pair.lead
    pair.open(lead, "project")
    lead.tick("Preventing care")
    pair.answers.append("Preventing care")
    asked = lead.page.get_by_label("On what, and what came of it?")
    expect(asked).to_be_visible(visible=not pair.scripts)
    named(lead, "Have these parties worked together").get_by_role("radio", name="Yes").check()
    expect(asked).to_be_visible()
    pair.type(lead, "On what, and what came of it?", "On falls: a third fewer since 2024.")
    named(lead, "Do you get other public money").get_by_role("radio", name="Yes").check()
    money = lead.page.get_by_role("group", name="Other public money")
    money.get_by_label("Where it comes from").select_option(index=1)
    money.get_by_label("Scheme, and what it pays").fill("A nurse on the ferry")
    money.get_by_label("Amount").fill("1.234,56")
    pair.answers += ["A nurse on the ferry", "1,234.56"]
    lead.press("Save")


def write_the_plan(pair: Pair) -> None:
    """The partner writes the approach, with two lines of planning."""
    partner = pair.partner
    pair.open(partner, "plan")
    pair.type(
        partner, "How will you go about it?", "Three groups, each with citizens.\nThey meet each month."
    )
    for activity, result, month in (
        ("First meeting", "Agreements", "1"),
        ("Second meeting", "A plan", "11"),
    ):
        if partner.page.get_by_label("Activity").last.input_value():
            add_line(partner, "Add a line")
        partner.page.get_by_label("Activity").last.fill(activity)
        partner.page.get_by_label("Result").last.fill(result)
        partner.page.get_by_label("Done in month").last.fill(month)
        pair.answers += [activity, result, month]
    pair.type(partner, "How do citizens", "In every group, with their own vote.")
    pair.type(partner, "How will the network go on", "The partners pay for it from year two.")
    partner.press("Save and go on")
    pair.type(partner, "How do you work together?", "We decide together, each month.")
    partner.press("Save and go on")


def pick_the_region(pair: Pair) -> None:
    """The partner takes a whole GGD region at once."""
    partner = pair.partner
    pair.open(partner, "region")
    pair.type(partner, "Name of the region", "Twente")
    partner.choose("A whole region or province at once", "GGD Twente")
    if pair.scripts:
        partner.page.get_by_role("button", name="Add its municipalities").click()
    else:
        partner.press("Add its municipalities")
    expect(partner.page.get_by_role("main")).to_contain_text("as a whole")
    pair.type(partner, "Why is this the right region", "People there share two hospitals.")
    pair.answers += ["Enschede", "Losser", "Twenterand"]
    partner.press("Save and go on")


# The budget


def make_the_budget(pair: Pair, folder: Path) -> None:
    """The lead pastes a line, reads in a workbook that was made from the template, and sees it add up."""
    lead = pair.lead
    pair.open(lead, "budget")
    lead.fill("Amount that you ask", "30.000")
    paste(lead, f"Own staff\t{LEAD_PARTY}\t1\tProject leader\t20.000,00")
    expect(lead.page.locator("#costs [data-row]").last.get_by_label("Description")).to_have_value(
        "Project leader"
    )
    pair.type(lead, "Explain your budget", "Mostly people, as the others pay the rooms.")
    lead.press("Save")
    lead.follow("Budget")
    unfold(lead, "Fill in a workbook")
    filled = fill_in_workbook(
        lead.save("Download the template"),
        folder / "budget.xlsx",
        ["Cost", "Meetings", PARTNER, 1, None, "Hall and coffee", 15000.25],
        ["Own contribution", None, PARTNER, None, None, "Hours of our own people", 3000.25],
        ["Co-financing by others", None, None, None, "Province", "Letter of the province", 2000],
    )
    lead.page.locator("input[type=file]").set_input_files(filled)
    if pair.scripts:
        lead.page.get_by_role("button", name="Read the workbook").click()
    else:
        lead.press("Read the workbook")
    lead.sees("4 lines were read.")
    lead.sees("The budget adds up.")
    lead.look()
    lead.press("Save")
    pair.answers += ["Project leader", "20,000", "Hall and coffee", "Meetings"]
    pair.answers += ["Hours of our own people", "3,000.25", "Letter of the province", "2,000", "Province"]


def paste(visitor: Visitor, line: str) -> None:
    """Paste cells in the list of costs, or in the field for it where there are no scripts."""
    if visitor.scripts:
        visitor.page.locator("#costs [data-row] input").first.evaluate(
            """(input, text) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/plain", text);
                const options = { clipboardData, bubbles: true, cancelable: true };
                input.dispatchEvent(new ClipboardEvent("paste", options));
            }""",
            line,
        )
    else:
        unfold(visitor, "Paste lines")
        visitor.fill("Lines from a spreadsheet", line)
        visitor.press("Put in the budget")


def fill_in_workbook(template: Path, target: Path, *lines: list[str | float | None]) -> Path:
    """Add lines below those of the template, as a person does in a spreadsheet program."""
    with CalamineWorkbook.from_path(template) as book:
        name = book.sheet_names[0]
        rows = [*book.get_sheet_by_name(name).to_python(), *lines]
    with xlsxwriter.Workbook(target) as written:
        sheet = written.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return target


def change_the_amount(pair: Pair) -> None:
    """The lead asks less after all: what was signed is no longer what is asked."""
    lead = pair.lead
    pair.open(lead, "budget")
    lead.fill("Amount that you ask", "29.000,50")
    lead.page.locator("#costs [data-row]").last.get_by_label("Amount").fill("14.000,75")
    lead.press("Save")
    pair.answers += ["29,000.50", "14,000.75"]


# Files


def attach(pair: Pair, folder: Path) -> None:
    """The partner adds a letter, and sees how far it is."""
    partner = pair.partner
    pair.open(partner, "attachments")
    letter = scan(folder / "letter of support.pdf")
    if pair.scripts:
        partner.context.new_cdp_session(partner.page).send("Network.emulateNetworkConditions", SLOW)
        partner.page.locator("input[type=file]").set_input_files(letter)
        expect(partner.page.locator("[data-uploads] progress")).to_be_visible()
        expect(partner.page.locator("[data-uploads]")).to_contain_text(
            re.compile(r"letter of support\.pdf: [1-9]")
        )
    else:
        partner.page.locator("input[type=file]").set_input_files(letter)
        partner.press("Add the chosen files")
    expect(partner.page.get_by_role("button", name="Remove letter of support.pdf")).to_be_visible()
    partner.look()
    pair.answers.append("letter of support.pdf")


def scan(target: Path) -> Path:
    """Make a PDF of one page that compresses badly, as a scan does."""
    Image.effect_noise((1200, 1600), 100).convert("RGB").save(target, "PDF")
    return target


# Signing


def sign(pair: Pair, visitor: Visitor, name: str, function: str) -> None:
    """Confirm for one's own organisation."""
    visitor.open(f"{pair.draft}/ondertekenen")
    visitor.fill("Name", name)
    visitor.fill("Function", function)
    visitor.tick(re.compile("^I may sign"))
    visitor.press("Confirm that we take part")
    pair.answers += [name, function]


def add_statement(pair: Pair, folder: Path) -> None:
    """The lead adds the statement that the third organisation signed on paper."""
    lead = pair.lead
    lead.open(f"{pair.draft}/ondertekenen")
    lead.follow(f"Add ({CITIZENS})")
    lead.fill("Name", "C. Citizen")
    lead.fill("Function", "chair")
    lead.page.locator("input[type=file]").set_input_files(scan(folder / "statement.pdf"))
    lead.press("Add the statement")
    pair.answers += ["C. Citizen", "chair", "statement.pdf"]


def states(visitor: Visitor) -> list[str]:
    """How far each organisation is with its confirmation, the lead applicant first."""
    table = visitor.page.get_by_role("table", name="Confirmations by the partners")
    return [row.locator(".nl-data-badge").inner_text() for row in table.locator("tbody tr").all()]


# Sending in


def submit_twice(pair: Pair) -> str:
    """Check, and press the button twice; gives the reference."""
    lead = pair.lead
    lead.open(f"{pair.draft}/nakijken")
    lead.sees("your application meets the requirements")
    assert not lead.page.get_by_text("Not everything is filled in yet").count()
    assert not lead.page.get_by_text("This does not fit yet").count()
    assert states(lead) == ["Confirmed"] * 3
    lead.page.get_by_role("button", name="Send in the application").dblclick()
    lead.page.wait_for_url(re.compile(f"{pair.draft}(/ontvangst)?$"))
    lead.open(f"{pair.draft}/ontvangst")
    reference = lead.page.locator(".eyebrow").inner_text().split()[0]
    lead.wait_for("Download as PDF")
    return reference


# After it


def write_to_each_other(pair: Pair, officer: Visitor, reference: str) -> None:
    """The partner writes to the office, the office answers, and each sees that the other read it."""
    partner = pair.partner
    partner.open(pair.draft)
    partner.follow("Messages")
    partner.fill("Your message", "Our telephone number changed.")
    partner.press("Send the message")
    partner.sees("Not read yet")
    officer.open("/bureau/post")
    officer.follow(reference)
    officer.sees("Our telephone number changed.")
    officer.fill("Your message", "Thank you, we have noted it.")
    officer.press("Send the message")
    wait_for_mail(partner, pair.partner_email, reference, "message")
    partner.open(pair.draft)
    partner.follow("Messages")
    partner.sees("Read by the office on")
    partner.sees("Thank you, we have noted it.")
    officer.again()
    officer.sees("Read by Pieter Partner")
