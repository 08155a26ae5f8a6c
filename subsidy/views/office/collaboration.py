"""The collaboration behind a file, for the office: its signed statements, and who leads it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.collaboration import leadership_form
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import members
from subsidy.services.members import MembersError
from subsidy.views.office import bp
from subsidy.views.statements import statement_file
from subsidy.wording.collaboration import collaboration_error
from workflows.permissions import Access, Can

INVALID = 422


@bp.get("/aanvragen/<int:application_id>/ondertekend/<int:signature_id>")
@requires(Can.APPLICATION_VIEW)
def statement(application: Application, signature_id: int) -> ResponseReturnValue:
    """Download a signed statement of a partner."""
    return statement_file(application, signature_id)


@bp.route("/aanvragen/<int:application_id>/penvoerder", methods=["GET", "POST"])
@requires(Can.MEMBERS_RESCUE)
def leadership(application: Application) -> ResponseReturnValue:
    """Give the leadership to another member, with a reason, when who led is gone."""
    people = members.list_members(application)
    others = [
        (str(membership.id), f"{user.name} ({user.email})")
        for membership, user in people
        if membership.capacity != Access.LEAD and user.disabled_at is None
    ]
    form = leadership_form(others, with_reason=True)(request.form or None)
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
    page = render_template(
        "office/leadership.html",
        application=application,
        form=form,
        others=others,
        leaders=[user for membership, user in people if membership.capacity == Access.LEAD],
    )
    return page, 200 if request.method == "GET" else INVALID
