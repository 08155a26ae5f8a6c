"""Announcing decisions: the letter in the file and a notification sent, on the day that the letter names.

An announcement happened when a notification was sent, or the letter posted to who has no account (Awb
3:41, 2:8-2:10). When none could be sent it did not happen: it is tried again until the day is over, and
then the decision needs a new letter with a new date.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, update

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Letter, Mail, Membership, OutboxRow, Round, Sending, User
from subsidy.services import by_post, events, file_store, letter_translations, letters, outbox, standing
from subsidy.services import decision_notifications as notices
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError, Stage, get_current, stage_of
from workflows.calendar_nl import AMSTERDAM
from workflows.permissions import Actor, Can, may

MORNING = time(9)
# No first notification leaves in the last minutes of its day: when the worker that sends it dies, another is
# still in time to take over.
TAKING_OVER = 2 * outbox.LEASE + timedelta(minutes=1)
# The authorised signatory is told first.
BY_CAPACITY = {"lead": 0, "sign": 1, "edit": 2, "view": 3}


def plan(decision: Decision, *, now: datetime) -> None:
    """Order the announcement of a confirmed decision: at nine on its day, or now if that is past."""
    outbox.post(
        "announce",
        key_of(decision),
        {"decision_id": decision.id},
        now=now,
        due_at=max(now, _morning_of(decision)),
    )


def send_today(round_: Round, *, actor: Actor, now: datetime) -> int:
    """Let every confirmed letter of this day that goes by notification go now; returns how many.

    Raises NotAllowedError.
    """
    _refuse_stranger(round_, actor, now)
    waiting = db.session.scalars(_due(round_, now).where(by_notification())).all()
    # Also of whom somebody got an account, or no longer wants paper, after its work was done.
    return outbox.again([key_of(decision) for decision in waiting], now=now) if waiting else 0


def plan_again(application: Application, *, now: datetime) -> None:
    """Order once more what is confirmed on an application and not announced, at its moment or now."""
    waiting = db.session.scalars(
        select(Decision).where(Decision.application_id == application.id, is_confirmed())
    )
    for decision in waiting:
        outbox.again([key_of(decision)], now=max(now, _morning_of(decision)))


def count_by_post(round_: Round, *, now: datetime) -> int:
    """Count the confirmed letters of this day for applicants whom no notification can reach."""
    query = _due(round_, now).where(~by_notification())
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def post_today(round_: Round, *, actor: Actor, now: datetime) -> int:
    """Record that the letters of this day that no notification can reach were posted; returns how many.

    Raises NotAllowedError.
    """
    _refuse_stranger(round_, actor, now)
    posted = db.session.scalars(
        _due(round_, now).where(~by_notification()).order_by(Decision.id).with_for_update(key_share=True)
    ).all()
    for decision in posted:
        record_posted(decision, actor=actor, now=now)
    return len(posted)


def record_posted(decision: Decision, *, actor: Actor, now: datetime) -> None:
    """Announce a decision by post, for who asked the permission and holds the decision."""
    _mark(decision, "decision.posted", at=now, actor_id=actor.user_id)


def keep_letters_by_post(round_: Round, *, now: datetime) -> None:
    """See to it that every decision of this day that goes by post has the row of its letter."""
    without = _due(round_, now).where(
        ~by_notification(), ~exists().where(Letter.decision_id == Decision.id, Letter.sha256.is_not(None))
    )
    for decision in db.session.scalars(without).all():
        notices.letter_of(decision, now=now)


def announce_by_post(application: Application, *, actor: Actor, now: datetime) -> Decision:
    """Record that the letter was posted today, to an applicant who has no account or asked for paper.

    Raises NotAllowedError and DecisionError: no_decision, already_announced, announcement_missed,
    not_confirmed, not_today.
    """
    if not may(actor, Can.LETTER_ANNOUNCE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.LETTER_ANNOUNCE)
    decision = get_current(application, lock=True)
    today = clock.day_of(now)
    match stage_of(decision, today=today):
        case Stage.ANNOUNCED | Stage.HISTORY:
            raise DecisionError("already_announced")
        case Stage.MISSED:
            raise DecisionError("announcement_missed")
        case Stage.CONFIRMED if decision.announce_on == today:
            record_posted(decision, actor=actor, now=now)
        case Stage.CONFIRMED:
            raise DecisionError("not_today")
        case _:
            raise DecisionError("not_confirmed")
    return decision


def announce(payload: Mapping[str, Any]) -> None:
    """Outbox handler: notify the collaboration; the first mail that went makes the decision announced.

    A mail that the server took after midnight does not: its letter names the day before, and a term that
    began then. Safe to run twice. Raises AnnouncementFailedError when no mail could be sent, FileDamagedError
    when there is no letter to tell of, and PutOffError while an officer holds up the letters of this day.
    """
    decision = _locked(payload["decision_id"])
    now = clock.read()
    if decision.confirmed_at is None or decision.announced_at or decision.returned_at:
        return
    notifications = notices.find(decision)
    if not _sent_in_time(decision, notifications):
        day = decision.announce_on
        if day is None or not _can_leave(day, notifications, now):
            return  # before the day there is nothing to do; after it the page asks for a new letter
        if _is_paused(decision):
            outbox.put_off(key_of(decision), until=_end_of(day))
            db.session.commit()
            raise outbox.PutOffError
        file_store.read(decision.letter_sha256 or "")  # a notice of a letter that is gone announces nothing
        notifications = notices.write(decision, find_addresses(decision.application_id), now=now)
        db.session.commit()
        if not notifications:
            return  # nobody has an account: an officer posts the letter and records it
        notices.send_one(notifications)
        decision = _locked(payload["decision_id"])
    if decision.announced_at is None:
        in_time = _sent_in_time(decision, notifications)
        if not in_time:
            return
        _mark(decision, "decision.announced", at=min(in_time), actor_id=None)
    for one in notifications:
        if one.delivery != "sent":
            outbox.post("mail", f"mail:{one.key}", {"mail_id": one.id}, now=now)
    db.session.commit()


def is_under_way(decision: Decision) -> bool:
    """Whether a notification is being sent at this moment, or was sent and the decision does not know it yet.

    So it is too after a worker died over it, until another took its work over.
    """
    claimed = exists().where(OutboxRow.key == key_of(decision), OutboxRow.lease.is_not(None))
    sent = _sent_in_time(decision, notices.find(decision))
    return bool(sent) or bool(db.session.scalar(select(claimed)))


def find_addresses(application_id: int) -> Sequence[User]:
    """Return who of the collaboration can be notified: a confirmed address, the project leadership first.

    Nobody where the letters were asked on paper.
    """
    rows = db.session.execute(
        select(User, Membership.capacity)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.application_id == application_id,
            User.email_confirmed_at.is_not(None),
            User.disabled_at.is_(None),
            ~by_post.on_paper(Membership.application_id),
        )
        .order_by(User.id)
    )
    return [user for user, _capacity in sorted(rows, key=lambda row: BY_CAPACITY[row[1]])]


def deliveries_of(decisions: Sequence[Decision]) -> dict[int, list[str]]:
    """Return how the notifications of these decisions fare, by the id of the decision."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(Mail.key, Mail.delivery)
        .where(Mail.application_id.in_([one.application_id for one in decisions]))
        .where(Mail.key.like("decision:%"))
        .order_by(Mail.id)
    )
    for key, delivery in rows:
        found.setdefault(int(key.split(":")[1]), []).append(delivery)
    return {one.id: found.get(one.id, []) for one in decisions}


def _refuse_stranger(round_: Round, actor: Actor, now: datetime) -> None:
    if not may(actor, Can.DECISIONS_MANAGE, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.DECISIONS_MANAGE)


def _due(round_: Round, now: datetime) -> Select[Decision]:
    """The decisions that are confirmed for this day and not announced yet."""
    return select(Decision).where(
        Decision.round_id == round_.id, is_confirmed(), Decision.announce_on == clock.day_of(now)
    )


def is_confirmed() -> ColumnElement[bool]:
    """Be confirmed and not announced yet, whatever its day."""
    return and_(
        Decision.returned_at.is_(None), Decision.confirmed_at.is_not(None), Decision.announced_at.is_(None)
    )


def by_notification() -> ColumnElement[bool]:
    """Be a decision of which somebody is notified; the others go by post. See find_addresses."""
    return by_post.reachable(Decision.application_id)


def key_of(decision: Decision) -> str:
    """Give the key of the work that announces a decision."""
    return f"announce:{decision.id}"


def _morning_of(decision: Decision) -> datetime:
    if decision.announce_on is None:
        raise DecisionError("not_confirmed")
    return datetime.combine(decision.announce_on, MORNING, tzinfo=AMSTERDAM)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=AMSTERDAM)


def _sent_in_time(decision: Decision, notifications: Sequence[Mail]) -> list[datetime]:
    """Give when notifications were sent on the day that the letter names."""
    instants = [one.sent_at for one in notifications if one.sent_at is not None]
    return [one for one in instants if clock.day_of(one) == decision.announce_on]


def _can_leave(day: date, notifications: Sequence[Mail], now: datetime) -> bool:
    """Whether a notification can leave now: on its day, and at its end only what was tried before."""
    if clock.day_of(now) != day:
        return False
    begun = any(one.delivery != "waiting" for one in notifications)
    return begun or now < _end_of(day) - TAKING_OVER


def _is_paused(decision: Decision) -> bool:
    """Whether somebody holds up the letters of this round and day; who lets them go waits for the answer."""
    return (
        db.session.scalar(
            select(Sending.paused_at)
            .where(Sending.round_id == decision.round_id, Sending.day == decision.announce_on)
            .with_for_update(read=True)
        )
        is not None
    )


def _locked(decision_id: int) -> Decision:
    return db.session.get_one(Decision, decision_id, with_for_update=LOCK, populate_existing=True)


def _mark(decision: Decision, event: str, *, at: datetime, actor_id: int | None) -> None:
    if decision.replaces_id is not None:
        # The old one leaves before the new one is in force: there is never a moment with two.
        db.session.execute(
            update(Decision)
            .where(Decision.id == decision.replaces_id, Decision.replaced_at.is_(None))
            .values(replaced_at=at)
        )
    decision.announced_at = at
    letter = notices.letter_of(decision, now=at)
    letters.place(letter, at=at)
    if actor_id is None:
        letters.mark_notified(letter.id, at=at)
    else:
        letters.mark_posted(letter, at=at, by=actor_id)
    letter_translations.ask_for_readers(letter, now=at)
    db.session.flush()
    events.append(
        event,
        at=at,
        actor_id=actor_id,
        round_id=decision.round_id,
        application_id=decision.application_id,
        facts={"decision": decision.id, "letter_sha256": decision.letter_sha256},
    )
