"""A round as a file again: equal values, without drafts, accounts, events and letters."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Decision, Event, PanelAdvice, Round
from subsidy.services import exact_json, snapshots
from subsidy.services.in_force import taken
from subsidy.services.round_file import FORMAT
from workflows.definition import OWN_ANSWER
from workflows.snapshot import ApplicationSnapshot
from workflows.states import ApplicationState

# Before the reason of a place in the text of a file, which is in Dutch.
PLACE = "Plaats in de volgorde"
DECIDED = (
    ApplicationState.AWARDED,
    ApplicationState.REJECTED,
    ApplicationState.NOT_PROCESSED,
)


def export_round(round_: Round) -> str:
    """Give a round as the text of a round file.

    A file has outcomes for all applications or for none. So while a round is not decided as a whole it
    leaves without outcomes, and without what was withdrawn: that would come back to life elsewhere.
    """
    reasons = _panel_reasons(round_)
    applications = [_with_reasons(one, reasons) for one in snapshots.application_snapshots(round_)]
    outcomes = _outcomes(round_)
    whole = all(application.reference in outcomes for application in applications)
    document = {
        "format": FORMAT,
        "round": _round(round_),
        "applications": [
            _application(
                application,
                outcomes[application.reference] if whole else None,
                application.answers if round_.imported else _answers_to_questions(application),
            )
            for application in applications
            if whole or not _withdrawn(outcomes.get(application.reference))
        ],
    }
    return exact_json.write(document) + "\n"


def _panel_reasons(round_: Round) -> dict[str, str]:
    """Give by reference all that the committee gave as reasons: a file has one text for them.

    The conclusion comes first, then why a score is another than the mean, then why the place.
    """
    criteria = snapshots.definition_of(round_).rules.criteria
    rows = db.session.execute(
        select(Application.reference, PanelAdvice)
        .join(PanelAdvice, PanelAdvice.application_id == Application.id)
        .where(Application.round_id == round_.id, Application.reference.is_not(None))
    )
    found = {}
    for reference, advice in rows:
        parts = [advice.reason or ""]
        parts += [
            f"{one.title}: {advice.score_reasons[one.id]}"
            for one in criteria
            if advice.score_reasons.get(one.id)
        ]
        parts += [f"{PLACE}: {advice.priority_reason}"] if advice.priority_reason else []
        if reference and any(parts[1:]):
            found[reference] = "\n\n".join(filter(None, parts))
    return found


def _with_reasons(application: ApplicationSnapshot, reasons: Mapping[str, str]) -> ApplicationSnapshot:
    reason = reasons.get(application.reference)
    if reason is None or application.panel is None:
        return application
    panel = application.panel.model_copy(update={"reason": reason})
    return application.model_copy(update={"panel": panel})


def _round(round_: Round) -> dict[str, Any]:
    definition = snapshots.definition_of(round_)
    content = {
        "slug": round_.slug,
        "kind": round_.kind,
        "number": round_.number,
        "title": round_.title,
        "opens_at": _instant(round_.opens_at),
        "closes_at": _instant(round_.closes_at),
        "ceiling_cents": round_.ceiling_cents,
        "rules": definition.rules.to_file(),
    }
    if round_.own_definition:
        content["definition"] = definition.model_dump(exclude_none=True)
    return content


def _application(
    application: ApplicationSnapshot, outcome: Mapping[str, Any] | None, answers: Mapping[str, Any]
) -> dict[str, Any]:
    content = application.model_dump(exclude_none=True, exclude={"answers", "reviews", "panel", "outcome"})
    content |= {
        "answers": answers,
        "reviews": [_filled(review.model_dump(exclude_none=True)) for review in application.reviews],
    }
    if not application.region.neighbourhoods:
        del content["region"]["neighbourhoods"]
    for name in ("submitted_at", "completed_at", "deadline_at"):
        if name in content:
            content[name] = _instant(content[name])
    content = {"partners": [], **_filled(content), "requested_cents": application.requested_cents}
    if application.panel is not None:
        content["panel"] = _filled(application.panel.model_dump(exclude_none=True))
    if outcome is not None:
        content["outcome"] = outcome
    return content


def _answers_to_questions(application: ApplicationSnapshot) -> dict[str, Any]:
    """Leave out what a section of the form asks by itself: that answers no question of the definition.

    Not from a round that came as a file: whatever that called its answers leaves as it came.
    """
    return {name: answer for name, answer in application.answers.items() if not name.startswith(OWN_ANSWER)}


def _outcomes(round_: Round) -> dict[str, Mapping[str, Any]]:
    """Give the outcomes that there are by reference: imported word for word, or decided here."""
    rows = db.session.execute(
        select(Application.reference, Application.state, Decision)
        .outerjoin(Decision, (Decision.application_id == Application.id) & taken())
        .where(
            Application.round_id == round_.id, Application.state.in_([*DECIDED, ApplicationState.WITHDRAWN])
        )
    )
    withdrawn_on = _withdrawn_on(round_)
    found: dict[str, Mapping[str, Any]] = {}
    for reference, state, current in rows:
        decision: Decision | None = current
        if reference is None:
            continue
        if decision is not None and decision.imported:
            found[reference] = decision.basis["outcome"]
        elif decision is None and state == ApplicationState.WITHDRAWN:
            found[reference] = {"decision": state, "decided_on": withdrawn_on[reference].isoformat()}
        elif decision is not None:
            found[reference] = _decided_here(decision)
    return found


def _decided_here(decision: Decision) -> dict[str, Any]:
    outcome: dict[str, Any] = {
        "decision": decision.outcome,
        "decided_on": decision.decided_on,
        "ground": decision.ground,
        "ends_on": decision.ends_on,
    }
    if decision.outcome == ApplicationState.AWARDED:
        outcome["amount_cents"] = decision.amount_cents
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in outcome.items()
        if value is not None
    }


def _withdrawn_on(round_: Round) -> dict[str | None, date]:
    rows = db.session.execute(
        select(Application.reference, Event.at)
        .join(Event, Event.application_id == Application.id)
        .where(Event.round_id == round_.id, Event.name == "application.withdrawn")
    )
    return {reference: clock.day_of(at) for reference, at in rows}


def _withdrawn(outcome: Mapping[str, Any] | None) -> bool:
    return outcome is not None and outcome["decision"] == ApplicationState.WITHDRAWN


def _filled(content: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty, but not what is zero or an empty text."""
    return {name: value for name, value in content.items() if value not in ((), [], {})}


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
