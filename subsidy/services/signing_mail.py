"""Asking a signatory again, some time after what they confirmed was changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Membership, Signature, User
from subsidy.services import mail, signatures
from workflows.permissions import Access


def ask_again(payload: Mapping[str, Any]) -> None:
    """Outbox handler: ask again and say why, unless all is well by now.

    One mail for each time that the signature was voided.
    """
    signature = db.session.get(Signature, payload["signature_id"])
    if signature is None or signature.voided_at != datetime.fromisoformat(payload["voided_at"]):
        return
    application = db.session.get_one(Application, signature.application_id)
    takes_part = any(one.key == signature.participation_key for one in application.participations)
    if not takes_part or not signatures.open_to_sign(application) or _signed_by_another(signature):
        return
    now = clock.read()
    for user in _signatories(signature):
        mail.compose(
            f"sign-again:{signature.id}:{payload['voided_at']}:{user.id}",
            recipient=user.email,
            template="sign_again",
            context={"user": user, "application": application, "signature": signature},
            now=now,
            locale=user.locale,
        )


def _signed_by_another(signature: Signature) -> bool:
    """Whether another signature counts for this organisation."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Signature.application_id == signature.application_id,
                    Signature.participation_key == signature.participation_key,
                    Signature.voided_at.is_(None),
                )
            )
        )
    )


def _signatories(signature: Signature) -> list[User]:
    """Who signed or brought the statement; when no member any more, who may sign for it now, or who leads."""
    rows = db.session.execute(
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.application_id == signature.application_id, User.disabled_at.is_(None))
        .order_by(Membership.id)
    ).all()
    signed = [user for _membership, user in rows if user.id == signature.signed_by]
    signing = [
        user
        for membership, user in rows
        if membership.capacity == Access.SIGN and membership.participation_key == signature.participation_key
    ]
    leading = [user for membership, user in rows if membership.capacity == Access.LEAD]
    return signed or signing or leading
