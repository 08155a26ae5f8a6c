"""What a reviewer knows and can take on, told by themselves."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forms.reviewer_profile import ProfileForm, away_blank
from forms.rows import change_rows
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import User
from subsidy.services import pool_profiles
from subsidy.services.pool import PoolError
from subsidy.views.expertise import expertise_form, expertise_in, moment_in, reference
from subsidy.views.reviewer import bp
from subsidy.wording.pool import pool_error
from workflows.permissions import Can

INVALID = 422


@bp.get("/profiel")
@requires(Can.REVIEWER_PROFILE)
def profile() -> ResponseReturnValue:
    """Show one's own profile, to change."""
    return _page(expertise_form(pool_profiles.find_profile(current_user.id)))


@bp.post("/profiel")
@requires(Can.REVIEWER_PROFILE)
def save_profile() -> ResponseReturnValue:
    """Keep it; the buttons of the days away work without scripts."""
    user: User = current_user._get_current_object()  # noqa: SLF001  # the account, not its proxy
    form = expertise_form(pool_profiles.find_profile(user.id), request.form)
    if change_rows(form, add=request.form.get("add"), remove=request.form.get("remove")):
        return _page(form)
    if not form.validate():
        return _page(form), INVALID
    try:
        pool_profiles.save(
            user,
            expertise_in(form),
            reference(),
            seen=moment_in(form["seen"].data),
            actor=current_actor(),
            now=clock.now(),
        )
    except PoolError as error:
        form.form_errors.append(pool_error(error.code))
        form["seen"].data = expertise_form(pool_profiles.find_profile(user.id))["seen"].data
        return _page(form), INVALID
    flash(_("Your profile is saved."), "success")
    return redirect(url_for("reviewer.index"), 303)


def _page(form: ProfileForm) -> str:
    return render_template("reviewer/profile.html", form=form, blank=away_blank())
