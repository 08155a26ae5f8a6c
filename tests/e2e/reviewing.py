"""What reviewers do on the pages: answer the request of the office, declare their interests, and score."""

import re
from collections.abc import Sequence

from playwright.sync_api import expect

from tests.e2e.applying import wait_for_mail
from tests.e2e.visitor import Visitor

REASONS = (
    "The plan says who does what and when, the partners have agreed how they decide together, and the way in "
    "which they measure the result fits what they want to reach for the people who live there."
)
SECRECY = "I keep secret what I learn as a reviewer in this round."


def ask_people(
    officer: Visitor, slug: str, people: Sequence[tuple[str, str]], body: str, most: int | None = None
) -> None:
    """Ask these people, names with addresses, as a referent or for the committee."""
    officer.open(f"/bureau/ronden/{slug}/beoordelaars")
    officer.follow("Ask people")
    typed = officer.page.get_by_label(re.compile(r"^\s*(Other people|People\b(?! who))"))
    typed.first.fill("\n".join(f"{name} <{email}>" for name, email in people))
    officer.tick(re.compile(f"^{body}"))
    if most is not None:
        officer.fill("Most reviews in this round", str(most))
    officer.press("Send the requests")
    officer.sees(re.compile(rf"^{len(people)} (person is|people are) asked\.$"))


def accept(reviewer: Visitor, round_title: str) -> None:
    """Accept a request that stands on the own list, with the declaration of secrecy."""
    reviewer.open("/beoordelen/")
    reviewer.follow(round_title)
    _accept(reviewer)


def accept_with_account(applicant: Visitor, email: str) -> None:
    """Follow the link in the mail, logged in with an account that never reviewed, and accept."""
    applicant.open(_link(applicant, email))
    _accept(applicant)


def accept_by_mail(newcomer: Visitor, email: str, name: str, password: str) -> None:
    """Follow the link in the mail, make an account with it, and say what one knows."""
    newcomer.open(_link(newcomer, email))
    expect(newcomer.field("Your name")).to_have_value(name)
    newcomer.fill("New password", password)
    newcomer.tick(SECRECY)
    newcomer.press("Accept and make an account")


def decline_by_mail(somebody: Visitor, email: str) -> None:
    """Follow the link in the mail, and say no."""
    somebody.open(_link(somebody, email))
    somebody.fill("Reason", "I am away in these weeks.")
    somebody.press("Decline")
    somebody.sees("Thank you for your answer.")


def tell_what_one_knows(reviewer: Visitor, theme: str, most: int) -> None:
    """Fill in the profile: a theme, a language, and how much one can take on."""
    reviewer.sees("With this the office looks for applications that fit you.")
    reviewer.tick(theme)
    reviewer.tick("Dutch")
    reviewer.fill("Most reviews per round", str(most))
    reviewer.press("Save your profile")


def declare_an_interest(reviewer: Visitor, title: str) -> None:
    """Report an interest in this application: its file stays closed."""
    reviewer.open("/beoordelen/")
    reviewer.follow(title)
    reviewer.tick("Yes, I have an interest, or it can look as if I have one")
    reviewer.tick("I work together with people or organisations in it")
    reviewer.fill("What is your interest?", "I worked for one of the partners until last year.")
    reviewer.press("Send the declaration")
    reviewer.sees("Interest declared")


def review(reviewer: Visitor, title: str, score: int) -> None:
    """Declare no interest, save a draft, and hand in a score with reasons for each criterion."""
    reviewer.open("/beoordelen/")
    reviewer.follow(title)
    reviewer.tick("No, I have no interest in this application")
    reviewer.press("Send the declaration")
    scores = reviewer.page.get_by_role("group", name=re.compile("^Score for"))
    for place in range(scores.count()):
        scores.nth(place).get_by_role("radio").nth(score - 1 + place % 2).check()
    reviewer.press("Save draft")
    reasons = reviewer.page.get_by_label(re.compile("^Motivation for"))
    for place in range(reasons.count()):
        reasons.nth(place).fill(REASONS)
    reviewer.tick("Give the subsidy")
    reviewer.press("Hand in")
    reviewer.open("/beoordelen/")
    reviewer.sees("Handed in")


def _accept(reviewer: Visitor) -> None:
    reviewer.sees("article 2:5 of the General Administrative Law Act")
    reviewer.tick(SECRECY)
    reviewer.press("Accept")


def _link(visitor: Visitor, email: str) -> str:
    visitor.open("/")
    visitor.in_english()
    mail = wait_for_mail(visitor, email, "/beoordelen/uitnodiging/")
    found = re.search(r"http\S+/beoordelen/uitnodiging/\S+", mail)
    assert found, mail
    return found[0].removeprefix(visitor.address)


def reviews_to_do(reviewer: Visitor) -> list[str]:
    """The applications that they were asked to review and did not begin, as their list names them."""
    reviewer.open("/beoordelen/")
    table = reviewer.page.get_by_role("table", name=re.compile("^Reviews to do in"))
    return [words.strip() for words in table.get_by_role("rowheader").all_inner_texts()]
