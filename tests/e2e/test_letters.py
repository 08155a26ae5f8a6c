"""A round of forty letters: worded, sent, held up, repaired, posted, read on a phone, and verified.

Everything is done on the pages, by the people who do it; the worker makes the letters and mails them to a
real server, which does not know one of the addresses.
"""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from subsidy.clock import read
from subsidy.db import db
from subsidy.models import Application, Letter, OutboxRow, User
from tests.e2e import awarding, correspondents, corresponding, delivered
from tests.e2e.awarding import Beholder
from tests.e2e.conftest import PASSWORD
from tests.e2e.correspondents import (
    APPLICANT,
    MISTAKEN,
    OUTCOMES,
    RIGHT,
    SLUG,
    TELL,
    WRONG,
)
from tests.e2e.house import House, email_of, opened
from tests.e2e.mail_server import MailServer, mail_server
from tests.e2e.visitor import PHONE, Visitor, sha256_of
from workflows.correspondence import ProcedureKind

pytestmark = pytest.mark.e2e

# The subject of a notification of a decision, in either language.
NOTIFICATION = r"Er is een besluit over uw aanvraag|There is a decision on your application"
WORDS = {
    "Paragraphs below the decision (Dutch)": "Wij nodigen u uit voor een bijeenkomst in uw regio.",
    "Paragraphs below the decision (English)": "We invite you to a meeting in your region.",
}
ADDRESS = "Dorpsstraat 1\n2712 AA Zoetermeer"
FIRST = 8  # so many notifications go before the mail server becomes slow
# What each letter of the procedure is called in the inbox, and what it asks.
INBOX = {
    ProcedureKind.RECEIPT: ("We received your application", ""),
    ProcedureKind.SUPPLEMENT: (
        "We ask you to supplement your application",
        "Supplement the application, until and including",
    ),
    ProcedureKind.REBUTTAL: (
        "The reports of the reviewers, for your answer",
        "You can answer the reports until and including",
    ),
    ProcedureKind.HEARING: ("What we intend, for your view", "You can give your view until and including"),
    ProcedureKind.DELAY: ("Our decision comes later", ""),
}


class LetterHouse(House[Beholder]):
    """The house, and what stands in its database."""

    kind = Beholder

    def phone(self, name: str) -> Visitor:
        """Somebody with an account, logged in on a phone."""
        reader = Visitor(self.browser, self.address, PHONE)
        reader.log_in(email_of(name), PASSWORD)
        return reader

    def ask(self, question: Callable[[], object]) -> object:
        """What the database says now."""
        with self.app.app_context():
            try:
                return question()
            finally:
                db.session.remove()


@pytest.fixture(scope="module")
def mailed() -> Iterator[tuple[MailServer, str]]:
    """A mail server that does not know one address."""
    with mail_server(NOTIFICATION) as (server, url):
        server.refused.add(WRONG)
        yield server, url


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, mailed: tuple[MailServer, str]
) -> Iterator[LetterHouse]:
    """The round of forty, its people, and the files in which letters of the procedure wait to be made."""
    folder = tmp_path_factory.mktemp("letters")
    with opened(LetterHouse, folder, browser, correspondents.fill, SMTP_URL=mailed[1]) as house:
        yield house


def test_a_round_of_forty_is_worded_sent_repaired_posted_read_and_verified(
    house: LetterHouse, mailed: tuple[MailServer, str]
) -> None:
    server, _url = mailed
    officer, second = house["officer"], house["second"]
    _word(officer)
    corresponding.ask_paper(house["paper"], "Regiobeeld 3", ADDRESS)
    awarding.propose_all(officer, SLUG, sum(OUTCOMES.values()))
    awarding.wait_for_letters(second, f"/bureau/ronden/{SLUG}/besluiten/bevestigen")
    server.free = FIRST
    with house.app.app_context():
        decisions = correspondents.confirm_all()
    assert len(decisions) == sum(OUTCOMES.values())
    _send(house, server)
    papers = corresponding.post(officer, SLUG)
    delivered.check_post(papers)
    corresponding.sent_all(officer, SLUG, notified=len(decisions) - 1, posted=1)
    with house.app.app_context():
        delivered.check_sent(server)
    letter = _read(house)
    _verify(house, letter)


def _word(officer: Beholder) -> None:
    """Take the amount out of the award, see that this cannot be published, mend it, and publish."""
    corresponding.words_of(officer, SLUG, "Award")
    before = officer.field("The decision (Dutch)").input_value()
    assert "{amount}" in before
    corresponding.save_words(officer, **{"The decision (Dutch)": before.replace("{amount}", "een bedrag")})
    corresponding.refused_to_publish(officer, SLUG, "The field {amount}")
    corresponding.words_of(officer, SLUG, "Award")
    corresponding.save_words(officer, **{"The decision (Dutch)": before, **WORDS})
    corresponding.preview(officer, SLUG, APPLICANT, says=WORDS["Paragraphs below the decision (Dutch)"])
    corresponding.publish(officer, SLUG, "The board invites everybody who gets a subsidy.")


def _send(house: LetterHouse, server: MailServer) -> None:
    """Start, hold up in the middle, let go, and repair what failed."""
    officer = house["officer"]
    corresponding.start(officer, SLUG)
    corresponding.shows(officer, "Failed so far", "1")
    corresponding.shows(officer, "Notified", re.compile(rf"^({FIRST}|[1-9]\d)$"))
    corresponding.hold_up(officer)
    server.free = None
    _wait(house, _nothing_moves)
    gone = len(server.counted)
    assert FIRST <= gone < sum(OUTCOMES.values()) - 1
    officer.open(f"/bureau/ronden/{SLUG}/brieven/verzenden")
    officer.sees("The letters are held up")
    assert int(awarding.figure(officer, "Waiting")) > 0
    assert len(server.counted) == gone
    corresponding.let_go(officer)
    corresponding.shows(officer, "Waiting", "0")
    corresponding.try_again(officer, SLUG, MISTAKEN)
    corresponding.readdress(officer, SLUG, MISTAKEN, wrong=WRONG, right=RIGHT)


def _nothing_moves() -> bool:
    """Whether every letter that is held up was put off to the end of the day."""
    now = read()
    query = select(func.count()).where(
        OutboxRow.topic == "announce",
        OutboxRow.done_at.is_(None),
        OutboxRow.last_error == "",
        OutboxRow.due_at <= now,
    )
    return db.session.scalar(query) == 0


def _wait(house: LetterHouse, holds: Callable[[], bool]) -> None:
    """Wait until this holds in the database."""
    until = time.monotonic() + 120
    while not house.ask(holds):
        assert time.monotonic() < until
        time.sleep(0.2)


def _read(house: LetterHouse) -> tuple[bytes, str]:
    """Read a letter on a phone; the office sees that it was. Gives the letter and its code."""
    reader = house.phone("applicant")
    corresponding.open_letter(reader, "Regiobeeld 2", "Decision: you get the subsidy")
    reader.sees("You get the subsidy: €")
    reader.sees(re.compile("^You can object until and including"))
    reader.follow("How we counted this")
    reader.sees("How we counted")
    reader.page.go_back()
    digest = sha256_of(pdf := reader.save("Open the letter (PDF)"))
    pages = " ".join(corresponding.text_of(pdf))
    assert WORDS["Paragraphs below the decision (Dutch)"] in pages
    code = corresponding.code_on(reader)
    assert code in pages
    _check_translation(reader)
    reader.sees(re.compile("Opened by you"))
    assert not reader.page.get_by_text("Not opened yet").count()
    with house.app.app_context():
        letter = db.session.scalars(
            select(Letter).join(Application).where(Application.reference == APPLICANT)
        ).one()
        assert letter.sha256 == digest
        name = db.session.scalars(select(User.name).where(User.email == email_of("applicant"))).one()
        application_id = letter.application_id
    card = corresponding.readers_of(house["officer"], application_id, "Award")
    expect(card.get_by_role("listitem").filter(has_text=name).last).to_be_visible()
    assert not card.get_by_text("Nobody of the collaboration opened").count()
    content = pdf.read_bytes()
    reader.close()
    return content, code


def _check_translation(reader: Visitor) -> None:
    """Ask for the translation; it says in its first words that the Dutch letter decides, and has no code."""
    reader.press("Ask for the English translation")
    reader.wait_for("Open the English translation (PDF)")
    pages = " ".join(corresponding.text_of(reader.save("Open the English translation (PDF)")))
    assert WORDS["Paragraphs below the decision (English)"] in pages
    assert "courtesy translation" in pages
    assert corresponding.code_on(reader) not in pages


def _verify(house: LetterHouse, letter: tuple[bytes, str]) -> None:
    """Whoever holds the letter finds out that it is genuine, and nothing about whose it is."""
    content, code = letter
    guest = house.guest("guest")
    corresponding.check_code(guest, code)
    guest.sees("Yes, we sent a letter with this code")
    assert APPLICANT not in guest.page.content()
    assert "Regiobeeld 2" not in guest.page.content()
    corresponding.check_code(guest, "0000-0000-0000-0000")
    guest.sees("We do not know this code")
    corresponding.check_file(guest, content)
    guest.sees("Yes, we sent exactly this file")
    middle = len(content) // 2
    altered = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    corresponding.check_file(guest, altered)
    guest.sees("This is not a file that we sent")


def test_each_letter_of_the_procedure_shows_in_the_inbox_with_what_it_asks(house: LetterHouse) -> None:
    assert set(TELL) == set(INBOX)
    reader = house.phone("asked")
    reader.open("/post")
    for title, asks in INBOX.values():
        reader.wait_for(title)
        row = reader.page.locator(".post li").filter(has_text=title)
        expect(row).to_contain_text("Not opened yet")
        expect(row).to_contain_text(asks)
    reader.look()
    for title, asks in INBOX.values():
        reader.open("/post")
        reader.follow(title)
        if asks:
            reader.sees(re.compile(f"^{asks}"))
            assert reader.page.get_by_role("link", name="How we counted this").count()
        pdf = reader.save("Open the letter (PDF)")
        sha256_of(pdf)
        assert corresponding.code_on(reader) in " ".join(corresponding.text_of(pdf))
    reader.open("/post")
    expect(reader.page.get_by_text("Not opened yet")).to_have_count(0)
    reader.close()
