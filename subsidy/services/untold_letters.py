"""Telling of letters of the procedure that were to go by post, once notifications go again (Awb 2:10).

While letters go by post no notification is written. When that ends before the mail room posted one, nobody
would ever be told of it.
"""

from datetime import datetime

from sqlalchemy import or_, select

from subsidy.db import db
from subsidy.models import Application, Letter, Mail
from subsidy.services import announcements, mail, outbox
from workflows.correspondence import ProcedureKind


def tell(application: Application, *, now: datetime) -> int:
    """Notify of every letter of the procedure that nobody was told of and that was not posted.

    Notifications that were written before go again. Those of a decision are `announcements.plan_again`; a
    receipt that is still to be drawn brings its own. Returns of how many letters.
    """
    waiting = db.session.scalars(
        select(Letter)
        .where(
            Letter.application_id == application.id,
            Letter.decision_id.is_(None),
            Letter.notified_at.is_(None),
            Letter.posted_at.is_(None),
            or_(Letter.placed_at.is_not(None), Letter.kind != ProcedureKind.RECEIPT),
        )
        .order_by(Letter.id)
    ).all()
    for letter in waiting:
        written = db.session.scalars(select(Mail.key).where(Mail.letter_id == letter.id)).all()
        if written:
            outbox.again([f"mail:{key}" for key in written], now=now)
            continue
        mail.compose_for(
            announcements.find_addresses(application.id),
            application,
            f"letter:{letter.id}",
            template="letter_in_file",
            context={"letter": letter},
            now=now,
            letter_id=letter.id,
        )
    return len(waiting)
