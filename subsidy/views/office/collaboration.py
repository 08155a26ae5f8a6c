"""The collaboration behind a file, for the office: its signed statements, and who leads it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.collaboration import leadership_form, newcomer_form
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import events, invitations, members
from subsidy.services.invitations import Asked, InvitationError
from subsidy.services.members import MembersError
from subsidy.services.throttle import TooManyAttemptsError
from subsidy.views.office import bp
from subsidy.views.statements import statement_file
from subsidy.wording.collaboration import collaboration_error
from workflows.permissions import Access, Can

INVALID = 422


@bp.get("/aanvragen/<int:application_id>/ondertekend/<int:signature_id>")
@requires(Can.APPLICATION_VIEW, writes=True)
def statement(application: Application, signature_id: int) -> ResponseReturnValue:
    """Download a signed statement of a partner; that somebody looks is logged."""
    answer = statement_file(application, signature_id)
    who = current_actor().user_id
    events.look("statement", at=clock.now(), user_id=who, application_id=application.id)
    return answer


@bp.route("/aanvragen/<int:application_id>/penvoerder", methods=["GET", "POST"])
@requires(Can.MEMBERS_RESCUE)
def leadership(application: Application) -> ResponseReturnValue:
    """Give the leadership to another member, with a reason, when who led is gone."""
    form = _form(application, request.form or None)
    if request.method == "POST" and form.validate():
        try:
            members.rescue(
                application,
                int(form["member"].data),
                reason=form["reason"].data,
                actor=current_actor(),
                now=clock.now(),
            )
        except MembersError as error:
            form.form_errors.append(collaboration_error(error.code))
        else:
            flash(_("The project leadership is given to another member."), "success")
            return redirect(url_for("office.application", application_id=application.id), 303)
    return _page(application, form, newcomer_form()())


@bp.post("/aanvragen/<int:application_id>/penvoerder/uitnodigen")
@requires(Can.MEMBERS_RESCUE)
def invite_leader(application: Application) -> ResponseReturnValue:
    """Ask somebody to join whom the leadership can be given to, when nobody else is a member."""
    newcomer = newcomer_form()(request.form)
    if newcomer.validate():
        asked = Asked(newcomer["email"].data, Access.EDIT)
        try:
            invitations.invite(
                application,
                asked,
                words="",
                actor=current_actor(),
                now=clock.now(),
                can=Can.MEMBERS_RESCUE,
            )
        except InvitationError as error:
            newcomer["email"].errors = [collaboration_error(error.code)]
        except TooManyAttemptsError as error:
            message = _("Too many attempts. Try again in %(seconds)s seconds.", seconds=error.seconds)
            newcomer["email"].errors = [message]
        else:
            flash(_("The invitation is on its way to %(email)s.", email=asked.email), "success")
            return redirect(url_for("office.leadership", application_id=application.id), 303)
    return _page(application, _form(application, None), newcomer)


def _form(application: Application, typed: Any) -> Form:
    form: Form = leadership_form(_others(application), with_reason=True)(typed)
    return form


def _others(application: Application) -> list[tuple[str, object]]:
    """Who can lead from now on."""
    return [
        (str(membership.id), f"{user.name} ({user.email})")
        for membership, user in members.list_members(application)
        if membership.capacity != Access.LEAD and user.disabled_at is None
    ]


def _page(application: Application, form: Form, newcomer: Form) -> ResponseReturnValue:
    people = members.list_members(application)
    page = render_template(
        "office/leadership.html",
        application=application,
        form=form,
        newcomer=newcomer,
        others=_others(application),
        leaders=[user for membership, user in people if membership.capacity == Access.LEAD],
    )
    return page, 200 if request.method == "GET" else INVALID
