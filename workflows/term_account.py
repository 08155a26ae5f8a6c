"""How each term is counted, step by step: for the letter that names it and for the page behind it.

An `Account` keeps what a `Term` does not: from which event it runs, how long it is, what stood still in
between, and the day that was printed. What is printed is never made to fit: `holds` tells when it differs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows import hearing, terms
from workflows.suspension import Suspension, suspend
from workflows.terms import Term, Unit


class TermKind(StrEnum):
    """The terms that a letter or a page names."""

    # Of the office to decide (Awb 4:13).
    DECISION = "decision"
    # To supplement an application (Awb 4:5).
    SUPPLEMENT = "supplement"
    # Of the office to leave it unprocessed (Awb 4:5(4)).
    NOT_PROCESSED = "not_processed"
    # To answer the reports of the reviewers.
    REBUTTAL = "rebuttal"
    # To give a view on what the office intends (Awb 4:7).
    HEARING = "hearing"
    # To object (Awb 6:7), and to appeal after a decision on an objection (Awb 6:7, 8:1).
    OBJECTION = "objection"
    APPEAL = "appeal"
    # Of the office to pay (Awb 4:87).
    PAYMENT = "payment"
    # As long as a place on the reserve list can still lead to an award.
    RESERVE = "reserve"


class Begins(StrEnum):
    """The event from which a term runs; its first day is the day after."""

    CLOSED = "closed"
    RECEIVED = "received"
    SENT = "sent"
    ANNOUNCED = "announced"
    SUPPLIED = "supplied"
    EXPIRED = "expired"


APPEAL, DELAY = "Awb 8:1", "Awb 4:14"
# The call or the letter sets these: the program proposes a working day, and what is printed counts.
SET_BY_LETTER = frozenset({TermKind.SUPPLEMENT, TermKind.REBUTTAL, TermKind.HEARING, TermKind.RESERVE})


@dataclass(frozen=True, slots=True)
class Account:
    """A term with how it was counted.

    `suspensions` are the days on which the clock stood still, `delayed_to` the later day that the office
    named (Awb 4:14), `printed` the last day that a letter or a page named already.
    """

    kind: TermKind
    begins: Begins
    event_day: date
    length: int
    unit: Unit
    term: Term
    suspensions: tuple[Suspension, ...] = ()
    delayed_to: date | None = None
    printed: date | None = None

    @property
    def nominal_without_suspension(self) -> date:
        """The last day by the length alone."""
        return terms.add_length(self.event_day, self.length, self.unit)

    @property
    def last_day(self) -> date:
        """The day that holds: the one that the office named later, else the one that was counted."""
        return self.delayed_to or self.term.last_day

    @property
    def holds(self) -> bool:
        """Whether the printed day is the one that comes out here."""
        return self.printed is None or self.printed == self.last_day

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles by which it was counted; a delay and an appeal have one of their own."""
        more = (APPEAL,) if self.kind is TermKind.APPEAL else ()
        return (*more, *self.term.articles, *((DELAY,) if self.delayed_to is not None else ()))

    @property
    def set_by_letter(self) -> bool:
        """Whether no act but a letter sets this term, so that what is printed counts."""
        return self.kind in SET_BY_LETTER


def objection(announced_on: date, *, printed: date | None = None) -> Account:
    """Account for the term to object to a decision (Awb 6:7, 6:8(1))."""
    return _weeks(
        TermKind.OBJECTION,
        Begins.ANNOUNCED,
        announced_on,
        terms.OBJECTION_WEEKS,
        terms.objection_term(announced_on),
        printed,
    )


def appeal(announced_on: date, *, printed: date | None = None) -> Account:
    """Account for the term to appeal to the court after a decision on an objection (Awb 6:7, 8:1)."""
    return _weeks(
        TermKind.APPEAL,
        Begins.ANNOUNCED,
        announced_on,
        terms.OBJECTION_WEEKS,
        terms.objection_term(announced_on),
        printed,
    )


def payment(announced_on: date, weeks: int) -> Account:
    """Account for the term to pay, or to pay the first advance (Awb 4:87(1))."""
    term = terms.payment_term(announced_on, weeks)
    return _weeks(TermKind.PAYMENT, Begins.ANNOUNCED, announced_on, weeks, term, None)


def reserve(announced_on: date, months: int, *, printed: date | None = None) -> Account:
    """Account for how long a place on the reserve list can still lead to an award."""
    return Account(
        TermKind.RESERVE,
        Begins.ANNOUNCED,
        announced_on,
        months,
        Unit.MONTHS,
        terms.reserve_term(announced_on, months),
        printed=printed,
    )


def not_processed(ended_on: date, *, supplied: bool) -> Account:
    """Account for until when an application can be left unprocessed (Awb 4:5(4)).

    `ended_on` is the day of the supplement, else the last day of the unused term.
    """
    return _weeks(
        TermKind.NOT_PROCESSED,
        Begins.SUPPLIED if supplied else Begins.EXPIRED,
        ended_on,
        terms.NOT_PROCESSED_WEEKS,
        terms.not_processed_term(ended_on),
        None,
    )


def supplement(invited_on: date, days: int, *, printed: date | None = None) -> Account:
    """Account for the one term to supplement an application (Awb 4:5(1))."""
    return _days(TermKind.SUPPLEMENT, invited_on, days, terms.supplement_term(invited_on, days), printed)


def rebuttal(sent_on: date, days: int, *, printed: date | None = None) -> Account:
    """Account for the term to answer the reports of the reviewers."""
    return _days(TermKind.REBUTTAL, sent_on, days, terms.rebuttal_term(sent_on, days), printed)


def heard(sent_on: date, days: int, *, printed: date | None = None) -> Account:
    """Account for the term to give a view on what the office intends (Awb 4:7, 4:8)."""
    return _days(TermKind.HEARING, sent_on, days, hearing.proposed(sent_on, days), printed)


def decision(
    begins: Begins,
    event_day: date,
    weeks: int,
    *,
    suspensions: Iterable[Suspension] = (),
    today: date,
    delayed_to: date | None = None,
    printed: date | None = None,
) -> Account:
    """Account for the term to decide (Awb 4:13), with what suspended it (Awb 4:15) and a delay (Awb 4:14).

    A suspension can move the end past the day that the office named: then that day makes nothing later.
    """
    stood_still = tuple(suspensions)
    term = suspend(terms.decision_term(event_day, weeks), stood_still, today)
    if delayed_to is not None and delayed_to <= term.last_day:
        delayed_to = None
    return Account(
        TermKind.DECISION,
        begins,
        event_day,
        weeks,
        Unit.WEEKS,
        term,
        suspensions=stood_still,
        delayed_to=delayed_to,
        printed=printed,
    )


def _weeks(
    kind: TermKind, begins: Begins, event_day: date, weeks: int, term: Term, printed: date | None
) -> Account:
    return Account(kind, begins, event_day, weeks, Unit.WEEKS, term, printed=printed)


def _days(kind: TermKind, sent_on: date, days: int, term: Term, printed: date | None) -> Account:
    return Account(kind, Begins.SENT, sent_on, days, Unit.DAYS, term, printed=printed)
