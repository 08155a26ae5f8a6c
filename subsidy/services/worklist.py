"""The worklist of the office: every application by what it waits for.

What an application waits for follows from its state, its reviews and its decision; it is stored nowhere.
A page is found by key through the index on round, state and id, and the counts by group, so neither grows
with the number of applications that do not wait.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, case, func, select

from subsidy.db import db
from subsidy.models import Review, Round
from subsidy.services import snapshots
from subsidy.services import worklist_queries as queries
from subsidy.services.deadlines import decision_term_of
from subsidy.services.reach import Reach
from subsidy.services.sent_content import Head, heads_of
from subsidy.services.waits import Wait, wait_after
from workflows.scoring import reviews_needed
from workflows.states import ApplicationState

PAGE = 50
# Beyond so many files in review the ones that are ready are no longer counted: it would cost every page.
MOST_IN_REVIEW = 1000
# Where the list tells how many reviews there are.
REVIEWED = (Wait.ASSIGN, Wait.REVIEW, Wait.ADVISE)
S = ApplicationState


@dataclass(frozen=True, slots=True)
class Item:
    """One application in the list. Amounts in euro cents; `last_day` is the end of the term that runs now."""

    id: int
    reference: str
    title: str
    lead: str
    state: str
    round: Round
    requested_cents: int
    received_at: datetime
    last_day: date | None
    days_left: int | None
    reviews_in: int
    reviews_assigned: int
    reviews_needed: int


class Page(NamedTuple):
    """A page of a list, and the key after which the next page begins, if there is one."""

    items: list[Item]
    next_after: int | None


def counts(reach: Reach, rounds: Sequence[Round]) -> dict[Wait, int | None]:
    """Count what waits in these rounds; None where counting would cost too much. Three queries at most."""
    known = {round_.id: round_ for round_ in rounds}
    open_files: Counter[tuple[int, str]] = Counter()
    for round_id, state, number in db.session.execute(queries.kept(queries.open_files, reach, rounds)):
        open_files[round_id, state] = number
    found: Counter[Wait] = Counter()
    for round_id, state, confirmed, number in db.session.execute(
        queries.kept(queries.pending_decisions, reach, rounds)
    ):
        found[Wait.ANNOUNCE if confirmed else Wait.CONFIRM] += number
        if (round_id, state) in open_files:
            open_files[round_id, state] -= number
    in_review = sum(number for (_, state), number in open_files.items() if state == S.IN_REVIEW)
    ready = _ready(reach, rounds) if 0 < in_review <= MOST_IN_REVIEW else {}
    for (round_id, state), number in open_files.items():
        heard, unheard = ready.get(round_id, (0, 0)) if state == S.IN_REVIEW else (0, 0)
        rest = max(number - heard - unheard, 0)
        for part, is_ready, is_heard in ((heard, True, True), (unheard, True, False), (rest, False, True)):
            wait = wait_after(known[round_id], state, ready=is_ready, heard=is_heard)
            if wait is not None:
                found[wait] += part
    unknown = {Wait.REVIEW, Wait.REBUTTAL, Wait.ADVISE} if in_review > MOST_IN_REVIEW else set()
    return {wait: None if wait in unknown else found[wait] for wait in Wait}


def find_items(
    reach: Reach, rounds: Sequence[Round], wait: Wait, *, today: date, after: int = 0, limit: int = PAGE
) -> Page:
    """Return a page of what waits for this, oldest first, after the application with id `after`."""
    known = {round_.id: round_ for round_ in rounds}
    query = queries.kept(queries.page_of, reach, rounds, wait)
    rows = db.session.execute(query, {"after": after, "most": limit + 1}).all()
    shown = rows[:limit]
    reviews = _reviews([row.id for row in shown] if wait in REVIEWED else [])
    # What is written of a supplement was not handed in yet: the list shows what was sent.
    heads = heads_of(row.id for row in shown if row.state == S.SUPPLEMENT_REQUESTED)
    items = [
        _item(row, heads.get(row.id, _head(row)), known[row.round_id], wait, reviews[row.id], today)
        for row in shown
    ]
    return Page(items, shown[-1].id if len(rows) > limit else None)


def _ready(reach: Reach, rounds: Sequence[Round]) -> dict[int, tuple[int, int]]:
    """Count per round what has its reviews: with its rebuttal held, and without."""
    rows = db.session.execute(queries.kept(queries.ready_files, reach, rounds))
    found: dict[int, tuple[int, int]] = {}
    for round_id, is_heard, number in rows:
        heard, unheard = found.get(round_id, (0, 0))
        found[round_id] = (heard + number, unheard) if is_heard else (heard, unheard + number)
    return found


def _reviews(ids: list[int]) -> defaultdict[int, tuple[int, int]]:
    """Count per application the reviews that came in and those that were asked and still stand."""
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    if not ids:
        return found
    counted = func.sum(case((Review.handed_in_at.is_not(None), 1), else_=0))
    rows = db.session.execute(
        select(Review.application_id, counted, func.count())
        .where(Review.application_id.in_(ids), Review.conflict.is_(None), Review.released_at.is_(None))
        .group_by(Review.application_id)
    )
    found.update({application_id: (came_in, asked) for application_id, came_in, asked in rows})
    return found


def _head(row: Row[*tuple[Any, ...]]) -> Head:
    return Head(row.title, row.lead or "", row.requested_cents)


def _item(  # a row of the list, with what belongs to it
    row: Row[*tuple[Any, ...]],
    head: Head,
    round_: Round,
    wait: Wait,
    reviews: tuple[int, int],
    today: date,
) -> Item:
    definition = snapshots.definition_of(round_)
    last_day: date | None
    if wait is Wait.SUPPLEMENT:
        last_day = row.last_day
    elif wait is Wait.ANNOUNCE:
        last_day = row.announce_on
    else:
        supplement = row if row.requested_at is not None else None
        last_day = decision_term_of(
            round_,
            definition,
            submitted_at=row.submitted_at,
            supplement=supplement,
            today=today,
            delayed_to=row.delayed_to,
        ).last_day
    return Item(
        id=row.id,
        reference=row.reference,
        title=head.title,
        lead=head.lead,
        state=row.state,
        round=round_,
        requested_cents=head.requested_cents,
        received_at=row.completed_at or row.submitted_at,
        last_day=last_day,
        days_left=None if last_day is None else (last_day - today).days,
        reviews_in=reviews[0],
        reviews_assigned=reviews[1],
        reviews_needed=reviews_needed(definition.rules, head.requested_cents),
    )
