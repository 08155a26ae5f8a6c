"""What a round of letters left behind: in the file of each, at the mail server, and in the mail room."""

import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZipFile

from flask_babel import force_locale
from sqlalchemy import select

from subsidy.clock import day_of, read
from subsidy.db import db
from subsidy.models import Decision, Event, Letter, Mail
from subsidy.services import events
from subsidy.wording.values import day
from tests.e2e import corresponding
from tests.e2e.correspondents import ON_PAPER, OUTCOMES, RIGHT
from tests.e2e.mail_server import MailServer
from tests.e2e.visitor import ATTEMPTS

# What each kind of notification says in English: what follows, and what is expected.
SAYS = {
    "award": ("you get the subsidy that you asked for", "do what it asks"),
    "partial": ("you get a part of the subsidy", "do what it asks"),
    "reserve": ("a place on the reserve list", "please read the letter"),
    "reject": ("you get no subsidy", "please read the letter"),
    "not_processed": ("we do not process your application", "please read the letter"),
}


def check_post(papers: tuple[Path, Path]) -> None:
    """The mail room gets a list and one letter, with its address, that begins on a right-hand page."""
    pdf, workbook = papers
    pages = corresponding.text_of(pdf)
    assert ON_PAPER in pages[0]
    assert len(pages) % 2 == 0
    (first,) = [number for number, text in enumerate(pages) if "Dorpsstraat 1" in text and number > 0]
    assert first % 2 == 0
    assert "2712 AA Zoetermeer" in pages[first]
    with ZipFile(workbook) as parts:
        assert ON_PAPER in parts.read("xl/sharedStrings.xml").decode()


def check_sent(server: MailServer) -> None:
    """Forty were announced, one by post; each person got one notification that says what the law asks."""
    today = day_of(read())
    decisions = db.session.scalars(select(Decision)).all()
    assert {one.announced_at is not None for one in decisions} == {True}
    told = db.session.scalars(
        select(Event.name).where(Event.name.in_(["decision.announced", "decision.posted"]))
    )
    assert Counter(told) == {"decision.announced": len(decisions) - 1, "decision.posted": 1}
    letters = db.session.scalars(select(Letter).where(Letter.decision_id.is_not(None))).all()
    assert Counter(one.kind for one in letters) == OUTCOMES
    assert {one.dated for one in letters} == {today}
    assert len({one.sha256 for one in letters}) == len({one.code for one in letters}) == len(decisions)
    assert Counter(one.posted_at is not None for one in letters) == {False: len(letters) - 1, True: 1}

    people = len(decisions) - 1 + 1  # one is told on paper, and one collaboration has two members
    mails = _sent_to(people)
    arrived = [one for one in server.messages if str(one["Message-ID"]) in mails]
    messages = {str(one["Message-ID"]): one for one in arrived}
    assert len(messages) == len(arrived)
    assert set(mails) == set(messages)
    assert [one["Subject"] for one in arrived if one not in server.counted] == []
    assert len({one["To"] for one in messages.values()}) == len(messages) == people
    assert RIGHT in {one["To"] for one in messages.values()}
    kinds = {one.id: one for one in letters}
    for id_, message in messages.items():
        letter_id = mails[id_].letter_id
        assert letter_id is not None
        _check_notification(message, kinds[letter_id])
    assert list(events.verify()) == []


def _sent_to(people: int) -> dict[str, Mail]:
    """Wait for the last notification: the second member of a collaboration is told after the announcement."""
    sent = select(Mail).where(Mail.key.like("decision:%"), Mail.delivery == "sent")
    for _attempt in range(ATTEMPTS):
        mails = {one.message_id: one for one in db.session.scalars(sent)}
        if len(mails) >= people:
            return mails
        db.session.rollback()
        time.sleep(0.5)
    raise AssertionError(sorted(mails))


def _check_notification(message: EmailMessage, letter: Letter) -> None:
    """It says what follows, what is expected and until when (Awb 2:10), and where the letter lies."""
    text = " ".join(str(message.get_content()).split())
    english = "Dear" in text
    assert letter.last_day is not None
    with force_locale("en" if english else "nl"):
        assert day(letter.last_day) in text
    assert f"/aanvragen/{letter.application_id}/post/{letter.id}" in text
    if english:
        missing = [words for words in SAYS[letter.kind] if words not in text]
        assert missing == []
