"""The rebuttal (wederhoor): what was sent to the applicant, what came back, and what follows from it.

Reports go out without names and stay as they were sent, also when a review is reopened later. The answer
counts once it was sent; a draft of it is nobody's but the collaboration's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Rebuttal
from subsidy.services.snapshots import definition_of
from workflows import rebuttal as policy
from workflows.states import ApplicationState

LONGEST_IN = 10_000


class RebuttalError(Exception):
    """A step is refused: a stable code (see wording/rebuttal.py) and the particulars that its words need."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class Part:
    """What a report says on one criterion. `original`: as it was written, where words were taken out."""

    criterion: str
    score: str
    motivation: str
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One report without a name. `review_id` is for the office and never on a page of the applicant."""

    number: int
    review_id: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the committee reads: the answer and when it came in; `text` is None when there is none.

    `open` says that the term still runs and nothing came in yet.
    """

    text: str | None
    sent_at: datetime | None
    last_day: date
    open: bool


def find(application: Application) -> Rebuttal | None:
    """Return the rebuttal of an application once its reports were sent."""
    return db.session.get(Rebuttal, application.id)


def lock(application: Application) -> Rebuttal:
    """Return the rebuttal, read again and locked; RebuttalError `not_released` when there is none."""
    found = db.session.get(Rebuttal, application.id, with_for_update=LOCK, populate_existing=True)
    if found is None:
        raise RebuttalError("not_released")
    return found


def reports_of(rebuttal: Rebuttal) -> tuple[Report, ...]:
    """Return the reports as they were sent, in the order in which they are numbered."""
    return tuple(
        Report(
            number=stored["number"],
            review_id=stored["review"],
            parts=tuple(Part(**part) for part in stored["parts"]),
        )
        for stored in rebuttal.reports
    )


def as_stored(report: Report) -> dict[str, Any]:
    """Return a report as it is kept."""
    parts = [
        {
            "criterion": part.criterion,
            "score": part.score,
            "motivation": part.motivation,
            **({"original": part.original} if part.original is not None else {}),
        }
        for part in report.parts
    ]
    return {"number": report.number, "review": report.review_id, "parts": parts}


def is_over(rebuttal: Rebuttal, *, now: datetime) -> bool:
    """Whether nothing more is to come."""
    return policy.concluded(
        today=clock.day_of(now), last_day=rebuttal.last_day, answered=rebuttal.sent_at is not None
    )


def facts_of(application: Application, *, now: datetime) -> dict[str, bool | int]:
    """Return the facts about the rebuttal that the machine asks for; a query only where they matter."""
    return facts_of_all([application], now=now)[application.id]


def facts_of_all(applications: Collection[Application], *, now: datetime) -> dict[int, dict[str, bool | int]]:
    """Return the same of several applications, by id; as many queries as for one."""
    uses = {one.id: definition_of(one.round).holds_rebuttal for one in applications}
    asked = [
        one.id
        for one in applications
        if uses[one.id] and one.state in {ApplicationState.IN_REVIEW, ApplicationState.REBUTTAL}
    ]
    found = db.session.scalars(select(Rebuttal).where(Rebuttal.application_id.in_(asked))) if asked else ()
    held = {one.application_id: one for one in found}
    return {
        id_: {
            "uses_rebuttal": used,
            "rebuttals_opened": 1 if id_ in held else 0,
            "rebuttal_concluded": id_ not in held or is_over(held[id_], now=now),
        }
        for id_, used in uses.items()
    }


def for_panel(application_ids: Collection[int], *, now: datetime) -> dict[int, Answer]:
    """Return what the committee may read of these applications; those without a rebuttal are left out.

    One query for every ten thousand. A draft that was never sent is not shown.
    """
    wanted, found = sorted(set(application_ids)), {}
    for start in range(0, len(wanted), LONGEST_IN):
        rows = db.session.execute(
            select(Rebuttal.application_id, Rebuttal.answer, Rebuttal.sent_at, Rebuttal.last_day).where(
                Rebuttal.application_id.in_(wanted[start : start + LONGEST_IN])
            )
        )
        for application_id, answer, sent_at, last_day in rows:
            found[application_id] = Answer(
                text=answer if sent_at is not None else None,
                sent_at=sent_at,
                last_day=last_day,
                open=sent_at is None and policy.in_time(clock.day_of(now), last_day),
            )
    return found
