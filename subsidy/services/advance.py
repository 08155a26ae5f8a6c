"""The only writer of a state.

Every step of an application or a round goes through `advance`: lock the row, ask whether this actor may,
ask the machine whether it can, write the state, append the event, post the effects. Nothing else in the
program writes a state column, so what is true of a state is true because of what stands here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from subsidy.db import LOCK, db
from subsidy.models import Application, Event, Round
from subsidy.services import events, outbox, standing
from workflows import application as application_machine
from workflows import round as round_machine
from workflows.machine import TransitionError
from workflows.permissions import Actor, Can, may
from workflows.states import ApplicationState, RoundState


class NotAllowedError(Exception):
    """This actor may not do this; carries the permission that was asked for."""

    def __init__(self, can: Can) -> None:
        super().__init__(f"not allowed: {can}")
        self.can = can


@dataclass(frozen=True, slots=True)
class Effect:
    """Work that follows from a step; the key keeps it to once."""

    topic: str
    key: str
    payload: Mapping[str, Any]
    due_at: datetime | None = None


def advance(  # one door, so everything that matters passes through it
    subject: Application | Round,
    transition: str,
    *,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, object] | None = None,
    record: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    effects: Iterable[Effect] = (),
) -> Event:
    """Take one step of the machine, with its event and its effects, in the caller's transaction.

    `facts` feed the guards, `record` goes into the event (no personal data), `personal` lies erasably
    beside it. Raises NotAllowedError when the actor may not, TransitionError when the machine cannot.
    """
    db.session.flush()
    db.session.refresh(subject, with_for_update=LOCK)
    before = subject.state
    if isinstance(subject, Application):
        permission = application_machine.MACHINE.transition(transition).permission
        target = standing.to_application(actor, subject, now=now)
    else:
        permission = round_machine.MACHINE.transition(transition).permission
        target = standing.to_round(actor, subject, now=now)
    if not may(actor, permission, target):
        raise NotAllowedError(permission)
    known = facts or {}
    if isinstance(subject, Application):
        round_id, application_id = subject.round_id, subject.id
        step = application_machine.MACHINE.plan(ApplicationState(before), transition, known)
        subject.state = step.target.value
        name = step.event
    else:
        round_id, application_id = subject.id, None
        round_step = round_machine.MACHINE.plan(RoundState(before), transition, known)
        subject.state = round_step.target.value
        name = round_step.event
    for effect in effects:
        outbox.post(effect.topic, effect.key, effect.payload, now=now, due_at=effect.due_at)
    event = events.append(
        name,
        at=now,
        actor_id=actor.user_id,
        round_id=round_id,
        application_id=application_id,
        facts={"from": before, "to": subject.state, **(record or {})},
        personal=personal,
    )
    db.session.flush()
    return event


def bring_in(round_: Round, steps: Mapping[int, str], *, actor: Actor, now: datetime) -> None:
    """Take the import step of many new applications of one round: `steps` maps their ids to transitions.

    The same machine, permission and events as `advance`, and one statement per target state: a file of
    thousands would otherwise take minutes. Raises NotAllowedError, TransitionError.
    """
    target = standing.to_round(actor, round_, now=now)
    for transition in sorted(set(steps.values())):
        step = application_machine.MACHINE.plan(ApplicationState.DRAFT, transition)
        if not may(actor, step.permission, target):
            raise NotAllowedError(step.permission)
        ids = [application_id for application_id, name in steps.items() if name == transition]
        moved = db.session.execute(
            update(Application)
            .where(
                Application.id.in_(ids),
                Application.round_id == round_.id,
                Application.state == ApplicationState.DRAFT.value,
            )
            .values(state=step.target.value)
            .returning(Application.id)
        ).all()
        if len(moved) != len(ids):
            raise TransitionError("wrong_state", {"transition": transition})
        for application_id in ids:
            events.append(
                step.event,
                at=now,
                actor_id=actor.user_id,
                round_id=round_.id,
                application_id=application_id,
                facts={"from": ApplicationState.DRAFT.value, "to": step.target.value},
            )
    db.session.flush()
