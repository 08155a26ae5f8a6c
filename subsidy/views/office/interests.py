"""Interests in a round: what was declared, what the chair decides, and the own declaration (Awb 2:4)."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from wtforms import Form

from forms.interests import DecisionForm, RoundDeclarationForm, interest_form, round_form, ties_form
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.db import db
from subsidy.models import Application, Interest, Round, User
from subsidy.services import interest_decisions, interest_overview, interest_rounds, interests
from subsidy.services.advance import NotAllowedError
from subsidy.services.interest_decisions import InterestDecisionError
from subsidy.services.interest_rounds import Line, Shown
from subsidy.services.interest_warnings import sent_in
from subsidy.services.interests import DeclarationRefusedError
from subsidy.services.review_lists import Outline, outline
from subsidy.views.office import bp
from subsidy.wording.interests import KINDS, interest_refusal
from workflows.interests import Kind
from workflows.permissions import Can

INVALID = 422


@bp.get("/ronden/<slug>/belangen", endpoint="interests")
@requires(Can.CONFLICT_VIEW)
def index(round_: Round) -> ResponseReturnValue:
    """List what was declared in a round, what waits for the chair, and who still has to declare."""
    actor = current_actor()
    declared = interest_overview.overview_of(round_, actor)
    return render_template(
        "office/interests.html",
        round_=round_,
        declared=declared,
        waiting=[one for one in declared if one.decision is None],
        overridden=interest_overview.overridden_in(round_, actor),
        declarants=interest_overview.declarants_of(round_),
    )


@bp.get("/belangen")
@requires(Can.CONFLICT_VIEW)
def interests_waiting() -> ResponseReturnValue:
    """List what waits for a decision of this chair, in all their rounds."""
    after = request.args.get("na", 0, type=id_in)
    found = interest_decisions.find_waiting(current_actor(), after=after)
    shown = found[: interest_decisions.PAGE]
    return render_template(
        "office/interests_waiting.html",
        waiting=shown,
        first_url=url_for("office.interests_waiting") if after else None,
        next_url=url_for("office.interests_waiting", na=shown[-1].id) if len(found) > len(shown) else None,
    )


@bp.get("/belangen/<int:interest_id>")
@requires(Can.CONFLICT_VIEW)
def interest(interest: Interest) -> ResponseReturnValue:
    """Show one declared interest, for the chair to decide on."""
    return _interest(interest, DecisionForm(data={"measure_words": interest.measure}))


@bp.post("/belangen/<int:interest_id>")
@requires(Can.CONFLICT_DECIDE)
def decide_interest(interest: Interest) -> ResponseReturnValue:
    """Uphold or dismiss a declared interest."""
    form = DecisionForm(request.form)
    if not form.validate():
        return _interest(interest, form), INVALID
    try:
        interest_decisions.decide(
            interest,
            outcome=form.outcome.data,
            reason=form.reason.data or "",
            measure=form.measure_text,
            actor=current_actor(),
            now=clock.now(),
        )
    except InterestDecisionError as error:
        if error.code == "decided_already":
            flash(interest_refusal(error.code), "info")
            return redirect(url_for("office.interest", interest_id=interest.id), 303)
        form.form_errors.append(interest_refusal(error.code))
        return _interest(interest, form), INVALID
    except NotAllowedError:
        abort(404)
    flash(_("Your decision is recorded. The person gets a mail."), "success")
    return redirect(url_for("office.interests", slug=interest.application.round.slug), 303)


@bp.route("/ronden/<slug>/belangen/mijn", methods=["GET", "POST"])
@requires(Can.CONFLICT_REPORT)
def own_interests(round_: Round) -> ResponseReturnValue:
    """Show who applies in a round, and declare that every interest was reported."""
    lines = _lines(round_)
    form = _round_form(round_, lines)
    if request.method == "GET" or _involved() or not form.validate():
        return _own(round_, lines, form, status=200 if request.method == "GET" else INVALID)
    try:
        seen = Shown(id_in(form.number.data or "0"), id_in(form.highest.data or "0"))
        interest_rounds.declare_round(
            round_, seen, why=form.why.data or "", actor=current_actor(), now=clock.now()
        )
    except (DeclarationRefusedError, ValueError) as error:
        code = error.code if isinstance(error, DeclarationRefusedError) else "list_changed"
        form.form_errors.append(interest_refusal(code))
        fresh = interest_rounds.shown(round_)
        form.number.data, form.highest.data = str(fresh.number), str(fresh.highest)
        return _own(round_, lines, form, status=INVALID)
    flash(_("Your declaration is recorded. Did you find an interest later? Then report it here."), "success")
    return redirect(url_for("office.own_interests", slug=round_.slug), 303)


@bp.post("/ronden/<slug>/belangen/banden")
@requires(Can.CONFLICT_REPORT)
def report_ties(round_: Round) -> ResponseReturnValue:
    """Report ties with organisations, where the round hides which application they are behind."""
    if _involved() or not interest_rounds.hides_names(current_actor(), round_):
        abort(404)
    form = ties_form(interests.organisations_in(round_))(request.form)
    lines = _lines(round_)
    if not form.validate():
        return _own(round_, lines, _round_form(round_, lines, typed=False), ties=form, status=INVALID)
    count = interest_rounds.report_ties(
        round_,
        frozenset(form.ties.data or ()),
        nature=form.nature.data or "",
        actor=current_actor(),
        now=clock.now(),
    )
    flash(
        ngettext(
            "An interest is recorded in %(num)d application.",
            "An interest is recorded in %(num)d applications.",
            count,
        ),
        "success",
    )
    return redirect(url_for("office.own_interests", slug=round_.slug), 303)


@bp.route("/ronden/<slug>/belangen/mijn/<int:number>", methods=["GET", "POST"])
@requires(Can.CONFLICT_REPORT)
def report_interest(round_: Round, number: int) -> ResponseReturnValue:
    """Report an interest in one application of the round."""
    application = _application(round_, number)
    form = interest_form(KINDS.items())(request.form)
    if request.method == "GET" or not form.validate():
        return _report(application, form, status=200 if request.method == "GET" else INVALID)
    try:
        interests.report_interest(
            application,
            kind=Kind(form.kind.data),
            nature=form.nature.data or "",
            measure=form.measure_text,
            capacity=interest_rounds.capacity_of(current_actor(), round_),
            actor=current_actor(),
            now=clock.now(),
        )
    except DeclarationRefusedError as error:
        if error.code == "declared":
            flash(interest_refusal(error.code), "info")
            return redirect(url_for("office.own_interests", slug=round_.slug), 303)
        form.form_errors.append(interest_refusal(error.code))
        return _report(application, form, status=INVALID)
    flash(_("Your interest is recorded. You no longer see this application; the chair decides."), "success")
    return redirect(url_for("office.own_interests", slug=round_.slug), 303)


def _application(round_: Round, number: int) -> Application:
    """An application of this round that came in; 404 for another, and for who takes part in the round."""
    found = db.session.scalars(
        select(Application).where(*sent_in(round_), Application.id == number)
    ).one_or_none()
    if found is None or _involved():
        abort(404)
    return found


def _involved() -> bool:
    """Whether this person takes part in an application of the round: who else applies is not shown then."""
    return current_actor().user_id in g.target.round_members


def _lines(round_: Round) -> list[Line]:
    actor = current_actor()
    hidden = interest_rounds.hides_names(actor, round_) or _involved()
    lines = interest_rounds.lines_of(round_, actor.user_id or 0, hidden=hidden)
    return [one for one in lines if one.reported] if _involved() else lines


def _round_form(round_: Round, lines: list[Line], *, typed: bool = True) -> RoundDeclarationForm:
    seen = interest_rounds.shown(round_)
    signs = any(one.signs and one.reported is None for one in lines)
    made = round_form(signs=signs)
    sent = request.form if typed and request.method == "POST" else None
    return made(sent, data={"number": str(seen.number), "highest": str(seen.highest)})


def _own(
    round_: Round, lines: list[Line], form: RoundDeclarationForm, *, ties: Form | None = None, status: int
) -> ResponseReturnValue:
    actor, words = current_actor(), request.args.get("zoek", "").strip()
    hidden = interest_rounds.hides_names(actor, round_)
    if hidden and ties is None:
        ties = ties_form(interests.organisations_in(round_))()
    return (
        render_template(
            "office/interests_own.html",
            round_=round_,
            lines=[one for one in lines if one.holds(words)] if words else lines,
            number=len(lines),
            words=words,
            form=form,
            ties=ties,
            hidden=hidden,
            involved=_involved(),
            declared=interest_rounds.find_declaration(round_, actor.user_id),
            uncovered=interest_rounds.count_uncovered(round_, actor.user_id),
        ),
        status,
    )


def _report(application: Application, form: Form, *, status: int) -> ResponseReturnValue:
    actor = current_actor()
    hidden = interest_rounds.hides_names(actor, application.round)
    return (
        render_template(
            "office/interest_report.html",
            application=application,
            round_=application.round,
            form=form,
            outline=Outline((), ()) if hidden else outline(application),
            hidden=hidden,
            signs=() if hidden else interests.signs_for(application, actor.user_id or 0),
        ),
        status,
    )


def _interest(interest: Interest, form: DecisionForm) -> str:
    decided_by = db.session.get(User, interest.decided_by) if interest.decided_by else None
    return render_template(
        "office/interest.html",
        interest=interest,
        application=interest.application,
        round_=interest.application.round,
        outline=outline(interest.application),
        decided_by=decided_by,
        can_decide=interest.decision is None and allowed(Can.CONFLICT_DECIDE),
        own=interest.user_id == current_actor().user_id,
        form=form,
    )
