"""Asking letters on paper, and ending it: by the applicant, or by an officer for the applicant (Awb 2:8)."""

from datetime import datetime

from subsidy.db import LOCK, db, insert_into
from subsidy.models import Application, PaperRequest
from subsidy.services import announcements, standing, untold_letters
from subsidy.services.advance import NotAllowedError
from subsidy.services.recording import record
from workflows.permissions import Actor, Can, may


def ask(application: Application, address: str, *, actor: Actor, now: datetime) -> PaperRequest:
    """Let the letters of an application go by post from now on; `address` has one line a part.

    Asked again it is the new address that holds; the same address twice is one request. A letter that was
    drawn already keeps its window: the mail room gets a sheet with the address. Raises NotAllowedError.
    """
    user_id = _refuse_stranger(application, actor, now)
    first = db.session.execute(
        insert_into(PaperRequest)
        .values(application_id=application.id, address=address, asked_by=user_id, asked_at=now)
        .on_conflict_do_nothing(index_elements=["application_id"])
        .returning(PaperRequest.application_id)
    ).first()
    found = db.session.get_one(PaperRequest, application.id, with_for_update=LOCK, populate_existing=True)
    if first is None and found.ended_at is None and found.address == address:
        return found
    found.address, found.asked_by, found.asked_at, found.ended_at = address, user_id, now, None
    record(application, "application.paper_asked", actor, now, {"address": address})
    return found


def end(application: Application, *, actor: Actor, now: datetime) -> bool:
    """Let notifications go again; a letter that waited for the post is notified after all.

    False when no paper was asked, or it was ended before. Raises NotAllowedError.
    """
    _refuse_stranger(application, actor, now)
    found = db.session.get(PaperRequest, application.id, with_for_update=LOCK, populate_existing=True)
    if found is None or found.ended_at is not None:
        return False
    found.ended_at = now
    record(application, "application.paper_ended", actor, now)
    db.session.flush()
    announcements.plan_again(application, now=now)
    untold_letters.tell(application, now=now)
    return True


def _refuse_stranger(application: Application, actor: Actor, now: datetime) -> int:
    if actor.user_id is None or not may(
        actor, Can.PAPER_ASK, standing.to_application(actor, application, now=now)
    ):
        raise NotAllowedError(Can.PAPER_ASK)
    return actor.user_id
