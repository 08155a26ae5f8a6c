"""Decisions: how far a round is, and one decision with its letter, to confirm or to send back."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Form

from forms.decisions import ConfirmForm, RenewForm, ReturnForm
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application, Decision, Round
from subsidy.services import (
    announcements,
    confirming,
    decisions,
    later_decisions,
    ledger,
    letter_drawing,
    proposing,
)
from subsidy.services.advance import NotAllowedError
from subsidy.services.decisions import DecisionError
from subsidy.services.file_store import FileDamagedError
from subsidy.services.proposal import proposed_day
from subsidy.views.office import bp
from subsidy.views.office.later_decisions import ADDRESSES
from subsidy.views.office.proposals import criteria_titles, declare_first
from subsidy.wording.decisions import decision_refusal
from workflows.machine import TransitionError
from workflows.mandates import DecisionKind
from workflows.permissions import Can

# What a second click finds: the step was taken, so there is nothing to repair and nothing was done again.
DONE = {"already_confirmed", "already_announced"}


@bp.post("/ronden/<slug>/besluiten/gepost")
@requires(Can.DECISIONS_MANAGE)
def posted_all(round_: Round) -> ResponseReturnValue:
    """Record that the letters of today that go by post were posted."""
    count = announcements.post_today(round_, actor=current_actor(), now=clock.now())
    flash(
        ngettext("%(num)d letter is recorded as posted.", "%(num)d letters are recorded as posted.", count),
        "success" if count else "info",
    )
    return redirect(url_for("office.decisions", slug=round_.slug), 303)


@bp.get("/aanvragen/<int:application_id>/besluit")
@requires(Can.LETTER_VIEW)
def decision(application: Application) -> ResponseReturnValue:
    """Show the decision on an application: what it gives, its letter, and what can be done."""
    return _page(application)


@bp.post("/aanvragen/<int:application_id>/besluit/bevestigen")
@requires(Can.DECISION_CONFIRM)
def confirm(application: Application) -> ResponseReturnValue:
    """Confirm the letter that was read."""
    form = ConfirmForm(request.form)
    if not form.validate():
        return _page(application, confirm_form=form, status=422)

    def step() -> None:
        confirming.confirm(
            application,
            letter_sha256=form.letter_sha256.data or "",
            actor=current_actor(),
            now=clock.now(),
        )

    return _take(application, step, _("The decision is confirmed."), confirm_form=form)


@bp.post("/aanvragen/<int:application_id>/besluit/terugsturen")
@requires(Can.DECISION_PROPOSE)
def send_back(application: Application) -> ResponseReturnValue:
    """Send a proposal back with a reason."""
    form = ReturnForm(request.form)
    if not form.validate():
        return _page(application, return_form=form, status=422)

    def step() -> None:
        confirming.send_back(
            application, reason=form.reason.data or "", actor=current_actor(), now=clock.now()
        )

    return _take(application, step, _("The proposal is sent back."), return_form=form)


@bp.post("/aanvragen/<int:application_id>/besluit/vernieuwen")
@requires(Can.DECISION_PROPOSE)
def renew(application: Application) -> ResponseReturnValue:
    """Propose a decision again because its announcement date went by."""
    form = RenewForm(request.form)
    if not form.validate():
        return _page(application, renew_form=form, status=422)

    def step() -> None:
        proposing.renew(
            decisions.get_current(application),
            announce_on=form["announce_on"].data,
            actor=current_actor(),
            now=clock.now(),
        )

    success = _("The decision is proposed again; its letter is being made.")
    return _take(application, step, success, renew_form=form)


@bp.post("/aanvragen/<int:application_id>/besluit/gepost")
@requires(Can.LETTER_ANNOUNCE)
def posted(application: Application) -> ResponseReturnValue:
    """Record that the letter was put in the post today."""

    def step() -> None:
        announcements.announce_by_post(application, actor=current_actor(), now=clock.now())

    return _take(application, step, _("The letter is recorded as posted today; the decision is announced."))


def _take(
    application: Application, step: Callable[[], None], success: str, **forms: Form
) -> ResponseReturnValue:
    """Take a step; on refusal show the page again with the reason, and nothing changed."""
    try:
        step()
    except (DecisionError, TransitionError) as error:
        if error.code == "declaration_needed":
            return declare_first(application.round)
        words = decision_refusal(error.code, error.params)
        if error.code in DONE:
            flash(words, "info")
            return redirect(_here(application), 303)
        return _refused(application, words, **forms)
    except FileDamagedError:
        return _refused(application, decision_refusal("letter_damaged"), **forms)
    except NotAllowedError:
        return _refused(application, decision_refusal("second_person_needed"), **forms)
    flash(success, "success")
    return redirect(_here(application), 303)


def _refused(application: Application, words: str, **forms: Form) -> ResponseReturnValue:
    return _page(application, refusal=words, status=422, **forms)


def _page(
    application: Application,
    *,
    confirm_form: Form | None = None,
    return_form: Form | None = None,
    renew_form: Form | None = None,
    refusal: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    today = clock.today()
    steps = decisions.history_of(application)
    current = next((one for one in steps if one.decision.returned_at is None), None)
    standing = current.decision if current else None
    stage = decisions.stage_of(standing, today=today) if standing else None
    own = standing is not None and not standing.imported
    in_force = _in_force_beside(steps, standing)
    held = 0 if in_force is None else in_force.amount_cents
    gives = standing.amount_cents if standing is not None else 0
    remedy = standing is not None and standing.kind == DecisionKind.REMEDY
    return (
        render_template(
            "office/decision.html",
            application=application,
            round_=application.round,
            titles=criteria_titles(application.round),
            current=current,
            earlier=[one for one in steps if one is not current],
            steps=steps,
            in_force=in_force,
            in_force_kind=decisions.kind_of(in_force, application.requested_cents) if in_force else None,
            replaced=[one.decision for one in steps if one.decision.replaced_at is not None],
            later=_later(application, standing),
            takes_cents=min(gives - held, 0) if remedy else gives - held,
            outside_cents=max(gives - held, 0) if remedy else 0,
            stage=stage,
            undrawn=letter_drawing.why_failed(standing, today=today) if standing else None,
            kind=decisions.kind_of(standing, application.requested_cents) if standing else None,
            basis=decisions.basis_of(standing) if standing is not None and own else None,
            deliveries=announcements.deliveries_of([standing])[standing.id] if standing else [],
            addresses=announcements.find_addresses(application.id) if own else [],
            left_cents=ledger.left_of(application.round),
            today=today,
            confirm_form=confirm_form
            or ConfirmForm(data={"letter_sha256": standing.letter_sha256 if standing else ""}),
            return_form=return_form or ReturnForm(),
            renew_form=renew_form or RenewForm(data={"announce_on": proposed_day(today)}),
            refusal=refusal,
        ),
        status,
    )


def _in_force_beside(steps: Sequence[decisions.Step], standing: Decision | None) -> Decision | None:
    """Give the decision in force where a later one is on its way to take its place."""
    if standing is None or standing.replaces_id is None or standing.announced_at is not None:
        return None
    return next((one.decision for one in steps if one.decision.id == standing.replaces_id), None)


def _later(application: Application, standing: Decision | None) -> list[tuple[str, str]]:
    """Give the kinds of decision that this person can propose in its place, each with its address."""
    if standing is None or not allowed(Can.DECISION_PROPOSE):
        return []
    return [
        (
            kind.value,
            url_for("office.propose_later", application_id=application.id, what=ADDRESSES[kind]),
        )
        for kind in later_decisions.kinds_for(standing, application.requested_cents)
    ]


def _here(application: Application) -> str:
    return url_for("office.decision", application_id=application.id)
