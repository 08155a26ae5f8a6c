"""Confirming several letters at once: what waits for the reader, which of it was read, what came of it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.decision_batches import ConfirmBatchForm
from subsidy import clock
from subsidy.access import LAST_ID, current_actor, requires
from subsidy.models import Round
from subsidy.services import batch_confirming as service
from subsidy.services import interest_rounds, ledger
from subsidy.services.batch_confirming import Confirmed
from subsidy.views.office import bp
from subsidy.views.office.proposals import criteria_titles, declare_first
from subsidy.wording.decisions import decision_refusal
from workflows.permissions import Can

INVALID = 422
PAGE = 50
HERE = "/ronden/<slug>/besluiten/bevestigen"


@bp.get(HERE)
@requires(Can.DECISIONS_MANAGE)
def confirm_all(round_: Round) -> ResponseReturnValue:
    """List the proposals that this person can confirm; `kies` in the address ticks what was read."""
    if interest_rounds.count_uncovered(round_, current_actor().user_id):
        return declare_first(round_)
    return _page(round_, ConfirmBatchForm(), read_ticked="kies" in request.args)


@bp.post(HERE)
@requires(Can.DECISIONS_MANAGE)
def take_all(round_: Round) -> ResponseReturnValue:
    """Confirm the letters that were ticked; what is refused is told, and the others are confirmed."""
    form, ticked = ConfirmBatchForm(request.form), _ticked()
    if not form.validate() or not ticked:
        if not ticked:
            form.form_errors.append(decision_refusal("nothing_chosen"))
        return _page(round_, form, ticked), INVALID
    result = service.confirm_batch(round_, ticked, actor=current_actor(), now=clock.now())
    if result.confirmed:
        flash(
            ngettext("%(num)d decision is confirmed.", "%(num)d decisions are confirmed.", result.confirmed),
            "success",
        )
    if result.already:
        flash(
            ngettext(
                "%(num)d decision was confirmed already; nothing was done a second time.",
                "%(num)d decisions were confirmed already; nothing was done a second time.",
                result.already,
            ),
            "info",
        )
    if result.refused:
        # Not a redirect: what was refused and why can be longer than a message may be.
        return _page(round_, ConfirmBatchForm(), result=result)
    return redirect(url_for("office.confirm_all", slug=round_.slug), 303)


@bp.get("/ronden/<slug>/besluiten/volgende-brief")
@requires(Can.DECISIONS_MANAGE)
def next_letter(round_: Round) -> ResponseReturnValue:
    """Lead to the next letter that this person did not open."""
    found = service.find_unread(round_, actor=current_actor(), today=clock.today())
    if found is None:
        flash(_("You opened every letter that waits for you in this round."), "success")
        return redirect(url_for("office.confirm_all", slug=round_.slug), 303)
    application_id, decision_id = found
    return redirect(url_for("office.letter", application_id=application_id, decision_id=decision_id), 303)


def _ticked() -> dict[int, str]:
    """The applications that were ticked, each with the digest of the letter that the page showed."""
    found = {}
    for value in request.form.getlist("brief")[:PAGE]:
        number, _colon, digest = value.partition(":")
        if number.isascii() and number.isdigit() and len(number) < len(str(LAST_ID)) and digest:
            found[int(number)] = digest
    return found


def _page(
    round_: Round,
    form: ConfirmBatchForm,
    ticked: dict[int, str] | None = None,
    *,
    read_ticked: bool = False,
    result: Confirmed | None = None,
) -> str:
    actor, today = current_actor(), clock.today()
    after = request.args.get("na", "")
    rows = service.find_waiting(round_, actor=actor, today=today, after=after, limit=PAGE + 1)
    shown, further = rows[:PAGE], len(rows) > PAGE
    if read_ticked:
        ticked = {row.application_id: row.letter_sha256 or "" for row in shown if row.read}
    return render_template(
        "office/confirm_all.html",
        round_=round_,
        form=form,
        rows=shown,
        ticked=ticked or {},
        result=result,
        titles=criteria_titles(round_),
        totals=service.totals(round_, actor=actor, today=today),
        left_cents=ledger.left_of(round_),
        after=after,
        first_url=url_for("office.confirm_all", slug=round_.slug) if after else None,
        next_url=url_for("office.confirm_all", slug=round_.slug, na=shown[-1].reference) if further else None,
    )
