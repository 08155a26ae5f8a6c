"""The content of minutes, read from what was recorded: the number of queries never grows with the agenda."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager

from subsidy.db import db
from subsidy.models import (
    AgendaItem,
    Application,
    Event,
    Interest,
    Meeting,
    PanelAdvice,
    Rebuttal,
    Recusal,
    User,
)
from subsidy.services import events, meetings
from subsidy.services.minutes_parts import (
    Absence,
    Attendee,
    Calculation,
    Counted,
    DeclaredInterest,
    Discussed,
    Minutes,
    Placed,
    Scored,
    Stay,
    Unplaced,
)
from subsidy.services.ranking import Line, Ranking, ranking_of
from subsidy.services.snapshots import definition_of
from workflows.definition import RoundDefinition
from workflows.rules import Rules
from workflows.scoring import counted_reviews, means, rounded
from workflows.states import ApplicationState

COMINGS_AND_GOINGS = ("meeting.opened", "meeting.arrived", "meeting.left")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store says about the applications of a round, by their ids."""

    advice: Mapping[int, PanelAdvice]
    rebuttals: Mapping[int, Rebuttal]


def content_of(meeting: Meeting) -> Minutes:
    """Gather the minutes of a meeting as everything is recorded now."""
    round_ = meeting.round
    definition = definition_of(round_)
    ranking = ranking_of(round_)
    roll = meetings.roll_of(meeting)
    stays = _stays(meeting, [row.user_id for row in roll if row.present])
    names = {row.user_id: row.person.name for row in roll}
    lines = {line.application_id: line for line in ranking.lines}
    known = _known(meeting)
    return Minutes(
        round_title=round_.title,
        round_slug=round_.slug,
        title=meeting.title,
        place=meeting.place,
        held_on=meeting.held_on,
        opened_at=meeting.opened_at,
        closed_at=meeting.closed_at,
        chair=names.get(meeting.chair_id or 0, ""),
        secretary=", ".join(row.person.name for row in roll if row.part == meetings.SECRETARY),
        quorum=meeting.quorum,
        notes=meeting.notes,
        attendees=tuple(
            Attendee(name=row.person.name, part=row.part, stays=tuple(stays[row.user_id])) for row in roll
        ),
        interests=_interests(meeting),
        absences=_absences(meeting),
        discussed=tuple(
            _discussed(item, application, lines.get(application.id), known, definition)
            for item, application in _agenda(meeting)
        ),
        placed=tuple(_placed(line, ranking, definition) for line in ranking.lines if line.ranked.fundable),
        unplaced=tuple(
            Unplaced(reference=line.ranked.reference, total=_written(line.total), ground=line.ranked.ground)
            for line in ranking.lines
            if not line.ranked.fundable
        ),
        line_after=ranking.line_after,
        ceiling_cents=ranking.ceiling_cents,
        given_cents=ranking.given_cents,
        left_cents=ranking.left_cents,
        calculation=_calculation(definition.rules, round_.definition_digest, round_.reference_version),
    )


def _stays(meeting: Meeting, here: Iterable[int]) -> defaultdict[int, list[Stay]]:
    """Return who was there from when to when, from the events of the meeting."""
    since: dict[int, datetime] = {}
    found: defaultdict[int, list[Stay]] = defaultdict(list)
    rows = db.session.execute(
        select(Event.name, Event.at, Event.facts)
        .where(Event.chain == events.chain_of(meeting.round_id), Event.name.in_(COMINGS_AND_GOINGS))
        .order_by(Event.sequence)
    )
    for name, at, facts in rows:
        if facts.get("meeting") != meeting.id:
            continue
        if name == "meeting.left":
            person = facts["person"]
            found[person].append(Stay(since=since.pop(person, meeting.opened_at or at), until=at))
            continue
        for person in facts["present"] if name == "meeting.opened" else [facts["person"]]:
            since[person] = at
    for person in here:
        start = since.pop(person, meeting.opened_at)
        if start is not None:
            found[person].append(Stay(since=start, until=meeting.closed_at))
    return found


def _agenda(meeting: Meeting) -> Sequence[tuple[AgendaItem, Application]]:
    rows = db.session.execute(
        select(AgendaItem, Application)
        .join(Application, Application.id == AgendaItem.application_id)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.application_id)
    )
    return [(item, application) for item, application in rows]


def _known(meeting: Meeting) -> _Known:
    within = select(Application.id).where(Application.round_id == meeting.round_id)
    advice = db.session.scalars(select(PanelAdvice).where(PanelAdvice.application_id.in_(within)))
    rebuttals = db.session.scalars(select(Rebuttal).where(Rebuttal.application_id.in_(within)))
    return _Known({one.application_id: one for one in advice}, {one.application_id: one for one in rebuttals})


def _interests(meeting: Meeting) -> tuple[DeclaredInterest, ...]:
    """Return every interest that was declared in the round, also what the chair dismissed."""
    decider = aliased(User)
    rows = db.session.execute(
        select(Interest, Application.reference, decider.name)
        .join(Interest.application)
        .join(Interest.person)
        .outerjoin(decider, decider.id == Interest.decided_by)
        .options(contains_eager(Interest.person))
        .where(Application.round_id == meeting.round_id, Application.state != ApplicationState.DRAFT)
        .order_by(Application.reference, Interest.id)
    )
    return tuple(
        DeclaredInterest(
            person=one.person.name,
            capacity=one.capacity,
            reference=reference or "",
            extent=one.extent,
            nature=one.nature,
            measure=one.measure,
            declared_at=one.declared_at,
            decision=one.decision,
            decision_reason=one.decision_reason,
            decision_measure=one.decision_measure,
            decided_by=name or "",
            decided_at=one.decided_at,
        )
        for one, reference, name in rows
    )


def _absences(meeting: Meeting) -> tuple[Absence, ...]:
    rows = db.session.execute(
        select(Recusal, Application.reference)
        .join(Application, Application.id == Recusal.application_id)
        .join(Recusal.person)
        .options(contains_eager(Recusal.person))
        .where(Recusal.meeting_id == meeting.id)
        .order_by(Recusal.id)
    )
    return tuple(
        Absence(
            person=one.person.name,
            reference=reference or "",
            reason=one.reason,
            since=one.from_at,
            until=one.until_at,
        )
        for one, reference in rows
    )


def _discussed(
    item: AgendaItem,
    application: Application,
    line: Line | None,
    known: _Known,
    definition: RoundDefinition,
) -> Discussed:
    advice, rebuttal = known.advice.get(application.id), known.rebuttals.get(application.id)
    return Discussed(
        reference=application.reference or "",
        title=application.title,
        applicant=_applicant(line, definition),
        requested_cents=application.requested_cents or 0,
        since=item.started_at,
        until=item.ended_at,
        put_off=item.put_off,
        scored=() if line is None else _scored(line, advice, definition.rules),
        total=None if line is None else _written(line.total),
        ground=None if line is None else line.ranked.ground,
        rebuttal=_rebuttal(rebuttal),
        answered_at=None if rebuttal is None else rebuttal.sent_at,
        deliberation=item.deliberation,
        advice=(advice.reason or "") if advice is not None else "",
        advised=advice is not None and bool(advice.reason),
    )


def _rebuttal(rebuttal: Rebuttal | None) -> str:
    if rebuttal is None:
        return "none"
    if rebuttal.sent_at is not None:
        return "answered"
    return "open" if rebuttal.closed_at is None else "unanswered"


def _scored(line: Line, advice: PanelAdvice | None, rules: Rules) -> tuple[Scored, ...]:
    """Return what each counted reviewer gave, always in the same order and without names."""
    counted = counted_reviews(rules, line.application)
    agreed = advice.scores if advice is not None else {}
    reasons = advice.score_reasons if advice is not None else {}
    found = []
    worked_out = means(rules, line.application)
    for one in rules.criteria:
        given = [review.scores[one.id] for review in counted]
        mean = worked_out[one.id]
        found.append(
            Scored(
                title=one.title,
                given=tuple(_written(score) or "" for score in given),
                mean=None if mean is None else _written(rounded(mean)),
                spread=_written(line.spreads[one.id]),
                agreed=_written(Decimal(agreed[one.id])) if one.id in agreed else None,
                reason=reasons.get(one.id, ""),
            )
        )
    return tuple(found)


def _placed(line: Line, ranking: Ranking, definition: RoundDefinition) -> Placed:
    return Placed(
        place=line.ranked.rank or 0,
        by_score=ranking.by_score.index(line.ranked.reference) + 1,
        reference=line.ranked.reference,
        applicant=_applicant(line, definition),
        total=_written(line.total),
        requested_cents=line.application.requested_cents,
        outcome=line.allocation.outcome.value,
        amount_cents=line.allocation.amount_cents,
        ground=line.allocation.ground,
        departs=line.departs,
        reason=line.priority_reason,
    )


def _applicant(line: Line | None, definition: RoundDefinition) -> str:
    """Return the lead applicant, unless the round keeps from the committee who applies."""
    return "" if line is None or definition.reviewing.hide_applicants else line.application.lead.name


def _calculation(rules: Rules, definition_digest: str, reference_version: str) -> Calculation:
    return Calculation(
        distribution=rules.distribution.value,
        aggregate=rules.aggregate.value,
        criteria=tuple(
            Counted(
                id=one.id,
                title=one.title,
                weight=_plain(one.weight),
                worst=_plain(one.worst),
                best=_plain(one.best),
                threshold=_written(one.threshold),
            )
            for one in rules.criteria
        ),
        threshold_total=_written(rules.threshold_total),
        tie_break=rules.tie_break,
        max_awards=rules.max_awards,
        partial_award=rules.partial_award,
        definition_digest=definition_digest,
        reference_version=reference_version,
    )


def _written(value: Decimal | None) -> str | None:
    return None if value is None else _plain(value)


def _plain(value: Decimal) -> str:
    """Write a number the same for 4 and 4.0."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
