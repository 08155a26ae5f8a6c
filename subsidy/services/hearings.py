"""Hearing an applicant before a decision (zienswijze, Awb 4:7, 4:8): what the office intends, and until when.

A hearing is opened once, with its grounds, its data and its last day, and no longer changes. It is over with
the answer or with its term; an answer after the term is kept as late. Nothing of it is a decision.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import bindparam, select

from subsidy import clock
from subsidy.db import LOCK, db
from subsidy.models import Application, Decision, Event, Hearing, Mail, OutboxRow, User
from subsidy.services import announcements, events, letter_orders, mail, standing
from subsidy.services.advance import NotAllowedError
from subsidy.services.basis import Basis, HearingBasis
from subsidy.services.decisions import DecisionError
from subsidy.services.in_force import pending
from subsidy.services.proposal import Proposal
from subsidy.services.snapshots import definition_of
from workflows import hearing as policy
from workflows.grounds import LegalGround
from workflows.hearing import Held, Stage
from workflows.mandates import DecisionKind
from workflows.permissions import Actor, Can, may
from workflows.snapshot import Decision as Outcome
from workflows.states import ApplicationState
from workflows.terms import Term

# Nothing is left to decide against, or it is the applicant's turn for something else.
CLOSED = frozenset(
    {
        ApplicationState.DRAFT,
        ApplicationState.SUPPLEMENT_REQUESTED,
        ApplicationState.REJECTED,
        ApplicationState.NOT_PROCESSED,
        ApplicationState.WITHDRAWN,
    }
)
# Put together once: building a query costs about as much as running it.
OF_FILE = select(Hearing).where(Hearing.application_id == bindparam("file")).order_by(Hearing.id)
SAID_SINCE = select(Event.id).where(
    Event.application_id == bindparam("file"),
    Event.name.in_(("hearing.answered", "hearing.written_down")),
    Event.at > bindparam("since"),
)
PENDING = select(Decision.id).where(Decision.application_id == bindparam("file"), pending())


class HearingError(Exception):
    """A step is refused: a stable code (see wording/hearing.py) and the particulars that its words need."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the office says to the applicant: the codes of its grounds, what it intends, on which data."""

    grounds: tuple[str, ...]
    intention: str
    data: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Shown:
    """A hearing with where it stands and who took part; `late`: the answer came after the term."""

    hearing: Hearing
    stage: Stage
    opened_by: str
    answered_by: str | None
    late: bool
    deliveries: tuple[str, ...] = ()


def offered(application: Application) -> tuple[LegalGround, ...]:
    """Give the grounds on which this applicant can be heard now."""
    return policy.offered(decided=application.state == ApplicationState.AWARDED)


def term_of(application: Application, *, now: datetime) -> Term:
    """Return the term that a hearing opened today would have by itself."""
    return policy.proposed(clock.day_of(now), definition_of(application.round).terms.hearing_days)


def can_open(application: Application) -> bool:
    """Whether there is something to be heard about in the state that the application is in."""
    return ApplicationState(application.state) not in CLOSED


def open_hearing(application: Application, plan: Plan, *, actor: Actor, now: datetime) -> Hearing:
    """Tell the applicant what the office intends and ask what they say to it, by letter and by mail.

    The same again while it runs is this hearing, opened already. Raises NotAllowedError; HearingError
    `grounds_needed`, `ground_unfit`, `blank`, `last_day_past`, `last_day_far`, `not_now`, `already_open`,
    `decision_pending`.
    """
    if not may(actor, Can.HEARING_MANAGE, standing.to_application(actor, application, now=now)):
        raise NotAllowedError(Can.HEARING_MANAGE)
    db.session.refresh(application, with_for_update=LOCK)
    running = next((one for one in find(application) if stage_of(one, now=now) is Stage.OPEN), None)
    if running is not None:
        if _says(running, plan):
            return running
        raise HearingError("already_open", last_day=running.last_day)
    _refuse(application, plan, now=now)
    hearing = Hearing(
        application_id=application.id,
        grounds=list(plan.grounds),
        intention=plan.intention.strip(),
        data=plan.data.strip(),
        opened_by=actor.user_id,
        opened_at=now,
        last_day=plan.last_day,
    )
    db.session.add(hearing)
    db.session.flush()
    # The words lie beside the event, erasable; its own salted digest of them proves what was said.
    events.append(
        "hearing.opened",
        at=now,
        actor_id=actor.user_id,
        round_id=application.round_id,
        application_id=application.id,
        facts={"hearing": hearing.id, "grounds": hearing.grounds, "last_day": hearing.last_day.isoformat()},
        personal={"reason": hearing.intention, "data": hearing.data},
    )
    letter = letter_orders.order_hearing(application, hearing, term_of(application, now=now), now=now)
    mail.compose_for(
        announcements.find_addresses(application.id),
        application,
        f"hearing:{hearing.id}",
        template="hearing_request",
        context={"hearing": hearing},
        now=now,
        letter_id=letter.id,
    )
    return hearing


def find(application: Application) -> Sequence[Hearing]:
    """Return the hearings of an application, oldest first; one query."""
    return db.session.scalars(OF_FILE, {"file": application.id}).all()


def find_for(application_ids: Collection[int]) -> defaultdict[int, list[Hearing]]:
    """Return the hearings of these applications, oldest first, by the application; one query."""
    found: defaultdict[int, list[Hearing]] = defaultdict(list)
    query = select(Hearing).where(Hearing.application_id.in_(application_ids)).order_by(Hearing.id)
    for one in db.session.scalars(query.execution_options(populate_existing=True)):
        found[one.application_id].append(one)
    return found


def stage_of(hearing: Hearing, *, now: datetime) -> Stage:
    """Tell where a hearing stands."""
    return policy.stage(
        today=clock.day_of(now), last_day=hearing.last_day, answered=hearing.answered_at is not None
    )


def is_late(hearing: Hearing) -> bool:
    """Whether the answer came in after the term."""
    return hearing.answered_at is not None and not policy.in_time(
        clock.day_of(hearing.answered_at), hearing.last_day
    )


def shown(application: Application, *, now: datetime) -> list[Shown]:
    """Return the hearings of an application as a page shows them, newest first; three queries."""
    found = find(application)
    people = _names({one.opened_by for one in found} | {one.answered_by for one in found})
    fared = _deliveries(application) if found else {}
    return [
        Shown(
            hearing=one,
            stage=stage_of(one, now=now),
            opened_by=people.get(one.opened_by, ""),
            answered_by=people.get(one.answered_by),
            late=is_late(one),
            deliveries=tuple(fared.get(one.id, ())),
        )
        for one in reversed(found)
    ]


def for_proposal(
    hearings: Iterable[Hearing], basis: Basis, proposal: Proposal, old: Decision | None, *, now: datetime
) -> tuple[HearingBasis, ...]:
    """Return what the applicant said since the decision in force, for what is now proposed.

    `hearings` are those of the application, `old` the decision that a later one replaces. Raises
    DecisionError `hearing_needed`, `hearing_term_runs` with its last day.
    """
    against = _is_against(basis, proposal, old)
    since = None if old is None else old.announced_at
    held = [one for one in hearings if since is None or one.opened_at > since]
    refused = policy.refusal(
        [_held(one, now=now) for one in held],
        proposal.kind,
        [one.code for one in proposal.coded],
        against=against,
    )
    if refused is not None:
        code, last_day = refused
        raise DecisionError(code, **({} if last_day is None else {"last_day": last_day}))
    return tuple(_basis(one) for one in held if stage_of(one, now=now) is not Stage.OPEN)


def refuse_unread(decision: Decision) -> None:
    """Refuse to confirm what was proposed before a view came in: DecisionError `view_came_in`; one query.

    It may have been given in time and written down late, and then the decision has to go into it (Awb 3:2).
    """
    since = {"file": decision.application_id, "since": decision.proposed_at}
    if db.session.scalar(SAID_SINCE, since) is not None:
        raise DecisionError("view_came_in")


def _refuse(application: Application, plan: Plan, *, now: datetime) -> None:
    if not can_open(application):
        raise HearingError("not_now")
    if db.session.scalar(PENDING, {"file": application.id}) is not None:
        raise HearingError("decision_pending")
    if not plan.grounds:
        raise HearingError("grounds_needed")
    if not set(plan.grounds) <= {one.code for one in offered(application)}:
        raise HearingError("ground_unfit")
    if not (plan.intention.strip() and plan.data.strip()):
        raise HearingError("blank")
    wrong = policy.refused_day(clock.day_of(now), plan.last_day)
    if wrong is not None:
        raise HearingError(wrong)


def _says(hearing: Hearing, plan: Plan) -> bool:
    return (tuple(hearing.grounds), hearing.intention, hearing.data, hearing.last_day) == (
        plan.grounds,
        plan.intention.strip(),
        plan.data.strip(),
        plan.last_day,
    )


def _is_against(basis: Basis, proposal: Proposal, old: Decision | None) -> bool:
    """Whether a first decision gives less than was asked, or a later one less than the award before it."""
    if proposal.kind is DecisionKind.FIRST or old is None:
        return proposal.outcome is not Outcome.AWARDED or proposal.amount_cents < basis.requested_cents
    return proposal.amount_cents < old.amount_cents


def _held(hearing: Hearing, *, now: datetime) -> Held:
    over = stage_of(hearing, now=now) is not Stage.OPEN
    return Held(frozenset(hearing.grounds), concluded=over, last_day=hearing.last_day)


def _basis(hearing: Hearing) -> HearingBasis:
    return HearingBasis(
        asked_on=clock.day_of(hearing.opened_at),
        last_day=hearing.last_day,
        grounds=tuple(hearing.grounds),
        intention=hearing.intention,
        data=hearing.data,
        answer=hearing.answer if hearing.answered_at is not None else "",
        answered_on=None if hearing.answered_at is None else clock.day_of(hearing.answered_at),
        by_mouth=hearing.by_mouth,
    )


def _names(ids: Collection[int | None]) -> Mapping[int | None, str]:
    known = sorted(one for one in ids if one is not None)
    if not known:
        return {}
    return {
        row[0]: row[1] for row in db.session.execute(select(User.id, User.name).where(User.id.in_(known)))
    }


def _deliveries(application: Application) -> dict[int, list[str]]:
    """How the mails that told of each hearing fare, by its id; given up is failed."""
    rows = db.session.execute(
        select(Mail.key, Mail.delivery, OutboxRow.dead_at)
        .outerjoin(OutboxRow, OutboxRow.key == "mail:" + Mail.key)
        .where(Mail.application_id == application.id, Mail.key.like("hearing:%"))
        .order_by(Mail.id)
    )
    found: dict[int, list[str]] = {}
    for key, state, dead in rows:
        found.setdefault(int(key.split(":")[1]), []).append(
            "failed" if state != "sent" and dead is not None else state
        )
    return found
