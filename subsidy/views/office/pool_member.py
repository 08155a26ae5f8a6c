"""One person who was asked in a round: where it stands, what they know, a change, and stopping."""

from typing import Any

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.reviewer_pool import DropForm, TermsForm, again_form, change_form
from forms.reviewer_profile import ProfileForm, away_blank
from forms.rows import change_rows
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Round, RoundReviewer, User
from subsidy.services import pool, pool_dropping, pool_lists, pool_profiles, reviewer_invitations
from subsidy.services.pool import PoolError, Stand
from subsidy.views.expertise import expertise_form, expertise_in, moment_in, reference
from subsidy.views.office import bp
from subsidy.views.office.pool import asked_in, back_to, terms_in, usual_day
from subsidy.wording.pool import body_options, pool_error
from workflows.permissions import Can
from workflows.states import RoundState

INVALID = 422


@bp.get("/ronden/<slug>/beoordelaars/<int:asked_id>")
@requires(Can.POOL_MANAGE)
def reviewer(round_: Round, asked_id: int) -> ResponseReturnValue:
    """Show where the request to somebody stands, and what can be done."""
    row = asked_in(round_, asked_id)
    return _page(row, _change_form(row))


@bp.post("/ronden/<slug>/beoordelaars/<int:asked_id>/wijzigen")
@requires(Can.POOL_MANAGE)
def change_reviewer(round_: Round, asked_id: int) -> ResponseReturnValue:
    """Change as what somebody serves, or for how many reviews."""
    row = asked_in(round_, asked_id)
    form = _change_form(row, request.form)
    if not form.validate():
        return _page(row, form), INVALID
    try:
        reviewer_invitations.change(
            row,
            body=form["body"].data,
            most_reviews=form["most_reviews"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    except PoolError as error:
        flash(pool_error(error.code), "warning")
    else:
        flash(_("The change is saved."), "success")
    return back_to(row)


@bp.post("/ronden/<slug>/beoordelaars/<int:asked_id>/opnieuw")
@requires(Can.POOL_MANAGE)
def ask_reviewer_again(round_: Round, asked_id: int) -> ResponseReturnValue:
    """Ask somebody once more."""
    row = asked_in(round_, asked_id)
    again = _again_form(row, request.form)
    if not again.validate():
        return _page(row, _change_form(row), again), INVALID
    try:
        reviewer_invitations.ask_again(
            row,
            terms_in(again),
            seen=moment_in(again["seen"].data),
            actor=current_actor(),
            now=clock.now(),
        )
    except PoolError as error:
        again.form_errors.append(pool_error(error.code))
        return _page(row, _change_form(row), again), INVALID
    flash(_("%(name)s is asked again.", name=row.name), "success")
    return back_to(row)


@bp.route("/ronden/<slug>/beoordelaars/<int:asked_id>/stoppen", methods=["GET", "POST"])
@requires(Can.POOL_MANAGE)
def drop_reviewer(round_: Round, asked_id: int) -> ResponseReturnValue:
    """Let somebody stop, with a reason; the page of this person says what is to be assigned again."""
    row, form = asked_in(round_, asked_id), DropForm(request.form)
    if pool.stand_of(row, clock.today()) is not Stand.ACCEPTED:
        return back_to(row)
    if request.method == "POST" and form.validate():
        try:
            pool_dropping.drop(row, reason=form.reason.data, actor=current_actor(), now=clock.now())
        except PoolError as error:
            form.form_errors.append(pool_error(error.code))
        else:
            flash(_("%(name)s does not review in this round any more.", name=row.name), "success")
            return back_to(row)
    member = pool_lists.get_member(current_actor(), row, today=clock.today())
    page = render_template("office/pool_drop.html", round_=round_, asked=row, member=member, form=form)
    return page, 200 if request.method == "GET" else INVALID


@bp.get("/ronden/<slug>/beoordelaars/<int:asked_id>/profiel")
@requires(Can.POOL_MANAGE)
def reviewer_profile(round_: Round, asked_id: int) -> ResponseReturnValue:
    """Show what somebody knows, to change on their behalf."""
    row = asked_in(round_, asked_id)
    return _profile_page(row, expertise_form(pool_profiles.find_profile(_account(row).id)))


@bp.post("/ronden/<slug>/beoordelaars/<int:asked_id>/profiel")
@requires(Can.POOL_MANAGE)
def save_reviewer_profile(round_: Round, asked_id: int) -> ResponseReturnValue:
    """Keep it."""
    row = asked_in(round_, asked_id)
    user = _account(row)
    form = expertise_form(pool_profiles.find_profile(user.id), request.form)
    if change_rows(form, add=request.form.get("add"), remove=request.form.get("remove")):
        return _profile_page(row, form)
    if not form.validate():
        return _profile_page(row, form), INVALID
    try:
        pool_profiles.save(
            user,
            expertise_in(form),
            reference(),
            seen=moment_in(form["seen"].data),
            actor=current_actor(),
            now=clock.now(),
            round_id=round_.id,
        )
    except PoolError as error:
        form.form_errors.append(pool_error(error.code))
        form["seen"].data = expertise_form(pool_profiles.find_profile(user.id))["seen"].data
        return _profile_page(row, form), INVALID
    flash(_("The profile is saved."), "success")
    return back_to(row)


def _account(row: RoundReviewer) -> User:
    """The account of who was asked; without one there is no profile yet."""
    if row.account is None:
        abort(404)
    return row.account


def _change_form(row: RoundReviewer, typed: Any = None) -> Form:
    form: Form = change_form(body_options(reviewer_invitations.bodies_of(row.round)))(
        typed, data={"body": row.body, "most_reviews": row.most_reviews}
    )
    return form


def _again_form(row: RoundReviewer, typed: Any = None) -> TermsForm:
    """Give the form that asks somebody once more, filled with what was asked before."""
    bodies = body_options(reviewer_invitations.bodies_of(row.round))
    data = {
        "seen": row.invited_at.isoformat(),
        "body": row.body,
        "most_reviews": row.most_reviews,
        "reply_by": usual_day(),
    }
    return again_form(bodies, clock.today())(typed, data=data, prefix="again")


def _page(row: RoundReviewer, form: Form, again: Form | None = None) -> str:
    actor, today = current_actor(), clock.today()
    member = pool_lists.get_member(actor, row, today=today)
    stopped = member.stand is Stand.DROPPED and not pool.is_over(row.round)
    return render_template(
        "office/pool_member.html",
        round_=row.round,
        asked=row,
        member=member,
        themes=pool_profiles.known_themes(),
        form=form,
        again=again or _again_form(row),
        lacking=pool_dropping.lacking(actor, row.round) if stopped else [],
        running=row.round.state == RoundState.PUBLISHED,
    )


def _profile_page(row: RoundReviewer, form: ProfileForm) -> str:
    return render_template(
        "office/pool_profile.html", round_=row.round, asked=row, form=form, blank=away_blank()
    )
