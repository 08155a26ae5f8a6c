"""The terms of a letter and of a file, counted again from what is stored, beside the day that was printed."""

from datetime import date

from sqlalchemy import false, or_, select
from sqlalchemy.orm import contains_eager

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, Letter, Supplement
from subsidy.services.deadlines import decision_account_of, delayed_to
from subsidy.services.decisions import basis_of
from subsidy.services.proposal import payments_of
from subsidy.services.snapshots import definition_of
from workflows import term_account
from workflows.correspondence import ProcedureKind, Reaction
from workflows.phrases import LetterKind
from workflows.term_account import Account

PAID = frozenset({LetterKind.AWARD.value, LetterKind.PARTIAL.value})
# Until when the office decides is told by the receipt, moved by the request to supplement and by the delay.
OF_THE_DECISION = frozenset({ProcedureKind.RECEIPT, ProcedureKind.SUPPLEMENT, ProcedureKind.DELAY})


def of_letter(letter: Letter, *, today: date) -> tuple[Account, ...]:
    """Account for each term that a letter names, the term of the reader first; at most two queries."""
    if letter.decision_id is not None:
        return _of_decision(letter)
    found = _of_reader(letter)
    own = () if found is None else (found,)
    if letter.kind not in OF_THE_DECISION:
        return own
    return (*own, decision_term(letter.application, today=today, delay=letter))


def decision_term(application: Application, *, today: date, delay: Letter | None = None) -> Account:
    """Account for the term to decide on an application as it stands now; at most two queries.

    `delay` is the letter of which the delay counts, without it the newest one in the file.
    Raises ValueError for an application that was not sent in.
    """
    if application.submitted_at is None:
        raise ValueError("an application that was not sent in has no term")
    if delay is not None and delay.kind == ProcedureKind.DELAY:
        named = delay.last_day
    else:
        named = db.session.scalar(select(delayed_to(application.id)))
    return decision_account_of(
        application.round,
        definition_of(application.round),
        submitted_at=application.submitted_at,
        supplement=db.session.get(Supplement, application.id),
        today=today,
        delayed_to=named,
    )


def not_processed_term(application: Application) -> Account | None:
    """Account for until when the application can be left unprocessed; None when nothing was asked."""
    supplement = db.session.get(Supplement, application.id)
    if supplement is None:
        return None
    if supplement.supplied_at is not None:
        return term_account.not_processed(clock.day_of(supplement.supplied_at), supplied=True)
    return term_account.not_processed(supplement.last_day, supplied=False)


def of_file(application: Application, *, with_decisions: bool) -> list[tuple[Letter, tuple[Account, ...]]]:
    """Account for what each letter of a file sets by itself, the newest first; one query.

    Also for letters that were not placed yet; those of a decision `with_decisions` only, and not of one that
    was sent back.
    """
    of_decision = Decision.returned_at.is_(None) if with_decisions else false()
    found = db.session.scalars(
        select(Letter)
        .outerjoin(Letter.decision)
        .where(Letter.application_id == application.id, or_(Letter.decision_id.is_(None), of_decision))
        .options(contains_eager(Letter.decision))
        .order_by(Letter.id.desc())
    )
    told = ((one, _of_decision(one) if one.decision_id else _one(_of_reader(one))) for one in found)
    return [(one, accounts) for one, accounts in told if accounts]


def _one(account: Account | None) -> tuple[Account, ...]:
    return () if account is None else (account,)


def _of_reader(letter: Letter) -> Account | None:
    """Account for what the reader can do, by a term that the letter itself sets."""
    days = definition_of(letter.application.round).terms
    match letter.kind:
        case ProcedureKind.SUPPLEMENT:
            return term_account.supplement(letter.dated, days.supplement_days, printed=letter.last_day)
        case ProcedureKind.REBUTTAL:
            return term_account.rebuttal(letter.dated, days.rebuttal_days, printed=letter.last_day)
        case ProcedureKind.HEARING:
            return term_account.heard(letter.dated, days.hearing_days, printed=letter.last_day)
    return None


def _of_decision(letter: Letter) -> tuple[Account, ...]:
    against = term_account.appeal if letter.expected == Reaction.APPEAL else term_account.objection
    remedy = against(letter.dated, printed=letter.last_day)
    set_by_round = definition_of(letter.application.round).terms
    if letter.kind in PAID:
        if letter.decision is not None and _has_own_payments(letter.decision):
            return (remedy,)
        return (remedy, term_account.payment(letter.dated, set_by_round.payment_weeks))
    if letter.kind == LetterKind.RESERVE and letter.decision is not None:
        until = basis_of(letter.decision).list_until
        return (remedy, term_account.reserve(letter.dated, set_by_round.reserve_months, printed=until))
    return (remedy,)


def _has_own_payments(decision: Decision) -> bool:
    """Whether a letter names other payments than usual: then its table says when, and no other term does."""
    basis = basis_of(decision)
    usual = payments_of(decision.amount_cents, weeks=basis.payment_weeks)
    return bool(basis.payments) and basis.payments != usual
