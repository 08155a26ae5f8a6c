"""How far the rebuttal of a round is: which files can be sent, which wait, and what came back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Mail, OutboxRow, Rebuttal, Review, Round
from subsidy.services.reach import Reach, hidden_from
from subsidy.services.snapshots import definition_of
from subsidy.services.worklist_queries import needed
from workflows import rebuttal as policy
from workflows.permissions import Actor
from workflows.states import ApplicationState

PAGE = 50


class Stage(StrEnum):
    """Where an application stands in the rebuttal, in the order in which it goes."""

    WAITS = "waits"
    READY = "ready"
    OPEN = "open"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Line:
    """One application in the list. `counted` reviews came in, `open` are asked, `needed` have to be there."""

    id: int
    reference: str
    title: str
    stage: Stage
    counted: int
    open: int
    needed: int
    last_day: date | None
    sent_at: datetime | None


class Page(NamedTuple):
    """A page of the list, and the id after which the next page begins, if there is one."""

    lines: list[Line]
    next_after: int | None


def find_lines(round_: Round, actor: Actor, *, now: datetime, after: int = 0, limit: int = PAGE) -> Page:
    """Return a page of the applications that are reviewed or had their rebuttal; two queries.

    Files that this person may not see are left out.
    """
    query = _query(round_, actor).where(Application.id > after).order_by(Application.id).limit(limit + 1)
    rows = db.session.execute(query).all()
    lines = [_line(row, today=clock.day_of(now)) for row in rows[:limit]]
    return Page(lines, lines[-1].id if len(rows) > limit else None)


def count_stages(round_: Round, actor: Actor, *, now: datetime) -> dict[Stage, int]:
    """Count the same applications by stage; two queries."""
    lines = _query(round_, actor).subquery()
    columns = (
        lines.c.released_at.is_(None),
        lines.c.sent_at.is_(None),
        lines.c.last_day >= clock.day_of(now),
        _is_ready(lines.c.counted, lines.c.open, lines.c.needed),
    )
    found: Counter[Stage] = Counter()
    for kept, silent, runs, ready, number in db.session.execute(
        select(*columns, func.count()).group_by(*columns)
    ):
        found[_stage(released=not kept, answered=not silent, runs=bool(runs), ready=bool(ready))] += number
    return {stage: found[stage] for stage in Stage}


def lock_files(round_: Round, actor: Actor, application_ids: Sequence[int]) -> Sequence[Application]:
    """Return those of these applications that are of this round and seen by this person, locked."""
    within = Reach((round_,), hidden_from(actor)).within()
    return db.session.scalars(
        select(Application)
        .where(within, Application.id.in_(application_ids))
        .order_by(Application.id)
        .with_for_update(key_share=True)
    ).all()


def deliveries_of(application: Application) -> list[str]:
    """Return how the mails that told of the reports fare; given up is failed."""
    rows = db.session.execute(
        select(Mail.delivery, OutboxRow.dead_at)
        .outerjoin(OutboxRow, OutboxRow.key == "mail:" + Mail.key)
        .where(Mail.application_id == application.id, Mail.key.like(f"rebuttal:{application.id}:%"))
        .order_by(Mail.id)
    )
    return ["failed" if state != "sent" and dead is not None else state for state, dead in rows]


def _query(round_: Round, actor: Actor) -> Select[*tuple[Any, ...]]:
    """The applications with their reviews counted beside them, and the rebuttal where there is one."""
    stands = (
        Review.application_id == Application.id,
        Review.conflict.is_(None),
        Review.released_at.is_(None),
    )
    number = select(func.count(Review.id)).where(*stands).correlate(Application)
    within = Reach((round_,), hidden_from(actor)).within()
    return (
        select(
            Application.id,
            Application.reference,
            Application.title,
            Application.state,
            number.where(Review.handed_in_at.is_not(None)).scalar_subquery().label("counted"),
            number.where(Review.handed_in_at.is_(None)).scalar_subquery().label("open"),
            needed(definition_of(round_).rules).label("needed"),
            Rebuttal.released_at,
            Rebuttal.last_day,
            Rebuttal.sent_at,
        )
        .outerjoin(Rebuttal, Rebuttal.application_id == Application.id)
        .where(
            within,
            or_(
                Application.state == ApplicationState.IN_REVIEW.value,
                Rebuttal.application_id.is_not(None),
            ),
        )
    )


def _is_ready(
    counted: ColumnElement[int], open_: ColumnElement[int], least: ColumnElement[int]
) -> ColumnElement[bool]:
    """As workflows.rebuttal.ready, for the database."""
    return and_(open_ == 0, counted >= 1, counted >= least)


def _line(row: Row[*tuple[Any, ...]], *, today: date) -> Line:
    stage = _stage(
        released=row.released_at is not None,
        answered=row.sent_at is not None,
        runs=row.last_day is not None and policy.in_time(today, row.last_day),
        ready=policy.ready(counted=row.counted, open_=row.open, needed=row.needed),
    )
    return Line(
        id=row.id,
        reference=row.reference,
        title=row.title,
        stage=stage,
        counted=row.counted,
        open=row.open,
        needed=row.needed,
        last_day=row.last_day,
        sent_at=row.sent_at,
    )


def _stage(*, released: bool, answered: bool, runs: bool, ready: bool) -> Stage:
    if answered:
        return Stage.ANSWERED
    if released:
        return Stage.OPEN if runs else Stage.UNANSWERED
    return Stage.READY if ready else Stage.WAITS
