"""Sending the notification of a letter to another address than that of the account.

An officer never changes the address of an account: with it comes the way in (a new password is mailed to it),
and so the file. What an officer can do is to send the same notification, which holds no letter, to another
address as well, for this letter alone; the chain of events tells it.
"""

import hashlib
from datetime import date, datetime

from sqlalchemy import select

from subsidy.clock import day_of
from subsidy.db import LOCK, db
from subsidy.models import Application, Letter, Mail
from subsidy.services import announcements, mail, outbox, standing
from subsidy.services.accounts import normal_email
from subsidy.services.advance import NotAllowedError
from subsidy.services.decision_notifications import ELSEWHERE, original_key
from subsidy.services.decisions import Stage, stage_of
from subsidy.services.recording import record
from workflows.permissions import Actor, Can, may

# Enough of a digest to tell the addresses of one letter apart.
SHORT = 16


class NotAwaitedError(Exception):
    """The notification went meanwhile, or it belongs to another file."""


def readdress(application: Application, mail_id: int, email: str, *, actor: Actor, now: datetime) -> Mail:
    """Send a notification that failed to this address as well, now; the same address twice is one mail.

    Raises NotAllowedError and NotAwaitedError.
    """
    if not may(actor, Can.LETTER_ANNOUNCE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.LETTER_ANNOUNCE)
    failed = db.session.get(Mail, mail_id)
    if failed is None or failed.application_id != application.id or failed.letter_id is None:
        raise NotAwaitedError
    letter = db.session.get_one(Letter, failed.letter_id, with_for_update=LOCK, populate_existing=True)
    if failed.delivery == "sent" or not _can_still_go(letter, day_of(now)):
        raise NotAwaitedError
    address = normal_email(email)
    digest = hashlib.sha256(address.encode()).hexdigest()[:SHORT]
    key = f"{original_key(failed.key)}{ELSEWHERE}{digest}"
    copy = mail.find(key)
    if copy is None:
        copy = mail.copy_to(failed, key, recipient=address, now=now)
        told = {"address": address}
        record(application, "application.notification_readdressed", actor, now, told, letter=letter.id)
    if letter.placed_at is None and letter.decision is not None:
        outbox.again([announcements.key_of(letter.decision)], now=now)
    else:
        outbox.post("mail", f"mail:{copy.key}", {"mail_id": copy.id}, now=now)
    return copy


def _can_still_go(letter: Letter, today: date) -> bool:
    """Whether a notification of this letter makes sense: it lies in the file, or is announced today."""
    decision = letter.decision
    if letter.placed_at is not None or decision is None:
        return True
    return stage_of(decision, today=today) is Stage.CONFIRMED and decision.announce_on == today


def send_again(application: Application, *, actor: Actor, now: datetime) -> int:
    """Send the notifications of letters in the file that were not sent yet once more; returns how many.

    Of a decision that is not announced see sending.try_again. Raises NotAllowedError.
    """
    if not may(actor, Can.LETTER_ANNOUNCE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.LETTER_ANNOUNCE)
    keys = db.session.scalars(
        select(Mail.key)
        .join(Letter, Letter.id == Mail.letter_id)
        .where(Letter.application_id == application.id, Letter.placed_at.is_not(None))
        .where(Mail.delivery != "sent")
        .order_by(Mail.id)
    ).all()
    return outbox.again([f"mail:{key}" for key in keys], now=now) if keys else 0
