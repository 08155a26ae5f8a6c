"""The mail room: one PDF with all letters of a round that go by post, asked by an officer, made by a job.

With the decisions of today go the letters of the procedure that lie in a file and were not posted. The newest
run is the one that counts: a letter belongs to the run in which it was printed last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import (
    Application,
    Decision,
    Letter,
    MailRun,
    OutboxRow,
    PaperRequest,
    Participation,
    Round,
    User,
)
from subsidy.services import announcements, by_post, outbox, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import basis_of
from workflows.permissions import Actor, Can, may

TOPIC = "mail_run"
PAGE = 50
# Why a run has no PDF: every letter of it was damaged, or went another way meanwhile.
NOTHING = "nothing"


class NothingToPostError(Exception):
    """No letter of this round goes by post now."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter that goes by post: to whom, and at which address.

    `window` is the address that was printed in its window: not that of now where paper was asked later.
    """

    letter_id: int
    application_id: int
    reference: str
    kind: str
    dated: date
    sha256: str
    organisation: str
    attention: str
    address: tuple[str, ...]
    window: tuple[str, ...]
    mail_run_id: int | None

    @property
    def needs_sheet(self) -> bool:
        """Whether a sheet with the address goes before it, because it is not in the window."""
        return bool(self.address) and self.address != self.window


def ask(round_: Round, *, actor: Actor, now: datetime) -> MailRun:
    """Ask one PDF of all letters that go by post today; asked twice it is one, as long as nothing changed.

    A run that could not be made is tried again. Raises NotAllowedError and NothingToPostError.
    """
    if actor.user_id is None or not may(actor, Can.LETTERS_SEND, standing.to_round(actor, round_, now=now)):
        raise NotAllowedError(Can.LETTERS_SEND)
    db.session.refresh(round_, with_for_update=LOCK)
    last, day = find_last(round_), clock.day_of(now)
    if last is not None and last.finished_at is None:
        if has_failed(last):
            outbox.again([_key(last)], now=now)
        return last
    announcements.keep_letters_by_post(round_, now=now)
    letters = to_post(round_, day)
    if not letters:
        raise NothingToPostError
    if last is not None and _holds(last, letters, day):
        return last
    run = MailRun(round_id=round_.id, day=day, asked_by=actor.user_id, asked_at=now)
    db.session.add(run)
    db.session.flush()
    outbox.post(TOPIC, _key(run), {"mail_run_id": run.id}, now=now)
    return run


def find(round_: Round, run_id: int) -> MailRun | None:
    """Return a run of this round."""
    return db.session.scalars(
        select(MailRun).where(MailRun.id == run_id, MailRun.round_id == round_.id)
    ).one_or_none()


def find_last(round_: Round) -> MailRun | None:
    """Return the run that was asked last in a round: the one that counts."""
    return db.session.scalars(
        select(MailRun)
        .where(MailRun.round_id == round_.id)
        .order_by(MailRun.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()


def has_failed(run: MailRun) -> bool:
    """Whether the job gave up on a run that is not made."""
    dead = select(OutboxRow.id).where(OutboxRow.key == _key(run), OutboxRow.dead_at.is_not(None))
    return run.finished_at is None and db.session.scalar(dead) is not None


def asker_of(run: MailRun) -> User:
    """Return who asked for a run."""
    return db.session.get_one(User, run.asked_by)


def to_post(round_: Round, day: date) -> list[Posted]:
    """Return the letters of a round that go by post on a day, by reference; two queries."""
    return _posted(and_(Letter.round_id == round_.id, waits_for_post(day)))


def in_run(run: MailRun) -> list[Posted]:
    """Return the letters that were printed in a run and in no later one, by reference; two queries."""
    return _posted(Letter.mail_run_id == run.id)


def waits_for_post(day: date) -> ColumnElement[bool]:
    """Be a letter that was drawn and goes by post: a decision of this day, or one that lies in a file.

    Its decision, where it has one, has to be among what is selected from.
    """
    decided = and_(announcements.is_confirmed(), Decision.announce_on == day)
    placed = and_(
        Letter.decision_id.is_(None),
        Letter.placed_at.is_not(None),
        Letter.notified_at.is_(None),
        Letter.posted_at.is_(None),
    )
    return and_(
        Letter.sha256.is_not(None),
        or_(decided, placed),
        ~by_post.reachable(Letter.application_id),
    )


def _posted(which: ColumnElement[bool]) -> list[Posted]:
    # The facts of a receipt name nobody: its window has no address.
    lead = (
        select(Participation.name)
        .where(Participation.application_id == Letter.application_id, Participation.lead)
        .order_by(Participation.position)
        .limit(1)
        .correlate(Letter)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Letter, Application.reference, PaperRequest.address, lead)
        .join(Application, Application.id == Letter.application_id)
        .outerjoin(Decision, Decision.id == Letter.decision_id)
        .outerjoin(
            PaperRequest,
            and_(PaperRequest.application_id == Letter.application_id, PaperRequest.ended_at.is_(None)),
        )
        .options(joinedload(Letter.decision))
        .where(which)
        .order_by(Application.reference, Letter.id)
    )
    return [_one(letter, reference or "", address, lead or "") for letter, reference, address, lead in rows]


def _one(letter: Letter, reference: str, address: str | None, lead: str) -> Posted:
    if letter.decision is not None:
        basis = basis_of(letter.decision)
        organisation, attention = basis.applicant, basis.attention
    else:
        organisation = letter.facts.get("organisation", lead)
        attention = letter.facts.get("attention", "")
    return Posted(
        letter_id=letter.id,
        application_id=letter.application_id,
        reference=reference,
        kind=letter.kind,
        dated=letter.dated,
        sha256=letter.sha256 or "",
        organisation=organisation,
        attention=attention,
        address=tuple((address or "").splitlines()),
        window=by_post.window_of(letter.facts),
        mail_run_id=letter.mail_run_id,
    )


def _holds(run: MailRun, letters: Sequence[Posted], day: date) -> bool:
    """Whether a finished run has just these letters, at the addresses of now, and was not posted."""
    if run.day != day or run.posted_at is not None or run.pdf_sha256 is None:
        return False
    if {one.mail_run_id for one in letters} != {run.id} or run.letters != len(letters):
        return False
    changed = select(PaperRequest.application_id).where(
        PaperRequest.application_id.in_([one.application_id for one in letters]),
        PaperRequest.asked_at > run.asked_at,
    )
    return db.session.scalar(changed.limit(1)) is None


def _key(run: MailRun) -> str:
    return f"{TOPIC}:{run.id}"
