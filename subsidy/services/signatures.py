"""Confirmations by the partners that they take part, each for the terms of the application at that moment.

A signature is never changed or removed. While the application says something else than was signed it is
voided, with what changed, and its signatory is asked again; when the terms become the same again it counts
again. A missing signature never stops an application: the officer sees who signed which version.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, BudgetLine, Event, Membership, Participation, Signature, Supplement
from subsidy.services import outbox
from subsidy.services.recording import record
from subsidy.services.snapshots import definition_of
from workflows.permissions import OPEN_TO_SIGN, Access
from workflows.signing import Change, Terms, changed, same_name, spared, terms_from
from workflows.states import ApplicationState

# An amount that is being typed is wrong for a while; only what stays so is worth a mail.
PATIENCE = timedelta(minutes=15)


class State(StrEnum):
    """Whether a partner confirmed that it takes part."""

    SIGNED = "signed"
    OUTDATED = "outdated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one partner stands: `why` says what differs from what was signed.

    It may differ while the signature counts, when the change came in the last day before the deadline.
    """

    participation: Participation
    state: State
    signature: Signature | None
    why: tuple[str, ...] = ()


def required(application: Application) -> bool:
    """Whether the round asks every partner to confirm; elsewhere nobody is bothered with it."""
    return definition_of(application.round).signatures_required


def open_to_sign(application: Application) -> bool:
    """Whether a signature can still be given."""
    return application.state in OPEN_TO_SIGN


def terms_of(application: Application, participation: Participation) -> Terms:
    """Give what this partner confirms now."""
    theirs = contributions_of(application, participation)
    return Terms(
        asked_cents=application.requested_cents,
        lead=next((one.name for one in application.participations if one.lead), ""),
        partners=tuple(one.name for one in application.participations if not one.lead),
        own_cents=sum(line.amount_cents for line in theirs if line.kind == "own"),
        cofinancing_cents=sum(line.amount_cents for line in theirs if line.kind == "cofinancing"),
        months=application.months,
    )


def contributions_of(application: Application, participation: Participation) -> list[BudgetLine]:
    """Give the lines of money that this partner pays or brings.

    Money that names no partner is promised by the lead applicant, who answers for the whole.
    """
    return [
        line
        for line in application.budget
        if line.kind != "cost"
        and (
            line.participation_key == participation.key or (participation.lead and not line.participation_key)
        )
    ]


def signs_for(application: Application, membership: Membership | None) -> Participation | None:
    """Give the organisation for which a member may sign: their own, or for the leader the lead applicant."""
    if membership is None or membership.capacity not in {Access.SIGN, Access.LEAD}:
        return None
    parties = application.participations
    own = next((one for one in parties if one.key == membership.participation_key), None)
    if own is None and membership.capacity == Access.LEAD:
        return next((one for one in parties if one.lead), None)
    return own


def standing(application: Application) -> tuple[Standing, ...]:
    """Give where each partner stands, lead applicant first; none when the round asks no signatures."""
    if not required(application):
        return ()
    given = signatures_of(application)
    parties = sorted(application.participations, key=lambda one: (not one.lead, one.position))
    return tuple(_standing(application, one, given) for one in parties)


def signatures_missing(application: Application) -> tuple[Standing, ...]:
    """Give the partners who did not confirm, or not what the application says now."""
    return tuple(one for one in standing(application) if one.state is not State.SIGNED)


def find_statement(application: Application, signature_id: int) -> Signature | None:
    """Give a signature of this application that has a signed statement."""
    query = select(Signature).where(
        Signature.id == signature_id,
        Signature.application_id == application.id,
        Signature.statement_sha256.is_not(None),
    )
    return db.session.scalars(query).one_or_none()


def statement_readable(signature: Signature, *, own: bool) -> bool:
    """Whether a statement may be given out: never with a virus, before the scan to its own people only."""
    return signature.statement_scan != "infected" and (own or signature.statement_scan != "waiting")


def reconsider(application: Application, *, now: datetime) -> None:
    """Void the signatures that no longer fit, and let count again those that do; after every save.

    In the last 24 hours before the deadline nothing is voided: nobody could be asked again in time. The
    caller holds the lock on the application. Without signatures this costs one query.
    """
    given = signatures_of(application)
    if not given:
        return
    parties = {one.key: one for one in application.participations}
    for signature in given:
        party = parties.get(signature.participation_key)
        if party is not None and not _why(signature, application, party):
            if signature.voided_at is not None:
                signature.voided_at, signature.voided_for = None, []
                record(application, "signature.restored", None, now, signature=signature.id)
        elif signature.voided_at is not None or not spared(deadline_of(application), now):
            _void(application, signature, party, now=now)
    db.session.flush()


def deadline_of(application: Application) -> datetime:
    """Give the last moment at which it can be sent in: of the round, its own, or of the supplement asked."""
    asked: Supplement | None = None
    if application.state == ApplicationState.SUPPLEMENT_REQUESTED:
        asked = db.session.get(Supplement, application.id)
    if asked is not None:
        return datetime.combine(asked.last_day + timedelta(days=1), time.min, clock.AMSTERDAM)
    return max(filter(None, (application.round.closes_at, application.deadline_at)))


def sent_version(application: Application) -> int | None:
    """Give the version that was sent in last, or supplemented last; None for a draft."""
    facts = db.session.scalars(
        select(Event.facts)
        .where(
            Event.application_id == application.id,
            Event.name.in_(("application.submitted", "application.supplemented")),
        )
        .order_by(Event.id.desc())
        .limit(1)
    ).one_or_none()
    return None if facts is None or "version" not in facts else int(facts["version"])


def signatures_of(application: Application) -> list[Signature]:
    """Give every signature of an application, oldest first; one query."""
    query = select(Signature).where(Signature.application_id == application.id).order_by(Signature.id)
    return list(db.session.scalars(query))


def fits(signature: Signature, terms: Terms) -> bool:
    """Whether these are the terms that were signed."""
    return signature.terms_digest == terms.digest


def _void(
    application: Application, signature: Signature, party: Participation | None, *, now: datetime
) -> None:
    why = [Change.PARTNERS.value] if party is None else _why(signature, application, party)
    if signature.voided_at is None:
        signature.voided_at = now
        record(application, "signature.voided", None, now, signature=signature.id, changed=why)
        payload = {"signature_id": signature.id, "voided_at": now.isoformat()}
        outbox.post(
            "sign_again",
            f"sign-again:{signature.id}:{now.isoformat()}",
            payload,
            now=now,
            due_at=now + PATIENCE,
        )
    if signature.voided_for != why:
        signature.voided_for = why


def _standing(application: Application, party: Participation, given: Iterable[Signature]) -> Standing:
    """The newest signature that counts, or else the newest; a statement that nobody may open says nothing."""
    own = [one for one in given if one.participation_key == party.key and one.statement_scan != "infected"]
    if not own:
        return Standing(party, State.MISSING, None)
    signature = max(own, key=lambda one: (one.voided_at is None, one.id))
    why = tuple(_why(signature, application, party))
    state = State.SIGNED if signature.voided_at is None else State.OUTDATED
    return Standing(party, state, signature, why)


def _why(signature: Signature, application: Application, party: Participation) -> list[str]:
    """Say what differs from what was signed; a key comes from a form, so who signed is looked at by name."""
    if not same_name(signature.organisation, party.name):
        return [Change.PARTNERS.value]
    return [change.value for change in changed(terms_from(signature.terms), terms_of(application, party))]
