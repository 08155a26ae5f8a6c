"""The people of an application: who they are, inviting them, what each may do, and who leads."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.collaboration import invite_form, leadership_form, member_form
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Application, Membership, User
from subsidy.services import invitations, members, signatures
from subsidy.services.invitations import Asked, InvitationError
from subsidy.services.members import GIVEN, PROJECT_LEADER, MembersError
from subsidy.services.throttle import TooManyAttemptsError
from subsidy.views.applicant import bp
from subsidy.wording.collaboration import capacity_options, collaboration_error
from workflows.permissions import Access, Can

INVALID, TOO_MANY = 422, 429


@bp.get("/aanvragen/<int:application_id>/mensen")
@requires(Can.MEMBERS_VIEW)
def people(application: Application) -> ResponseReturnValue:
    """Show who works on the application, who was invited, and which partners confirmed."""
    return _people(application, _invite_form(application))


@bp.post("/aanvragen/<int:application_id>/mensen/uitnodigen")
@requires(Can.MEMBERS_MANAGE)
def invite(application: Application) -> ResponseReturnValue:
    """Ask somebody to join."""
    form = _invite_form(application)
    if not form.validate():
        return _people(application, form), INVALID
    asked = Asked(
        form["email"].data,
        Access(form["capacity"].data),
        form["participation_key"].data or None,
        PROJECT_LEADER if form["project_leader"].data else "",
    )
    try:
        invitations.invite(
            application, asked, words=form["words"].data, actor=current_actor(), now=clock.now()
        )
    except InvitationError as error:
        form["email"].errors = [collaboration_error(error.code)]
        return _people(application, form), INVALID
    except MembersError as error:
        form["participation_key"].errors = [collaboration_error(error.code)]
        return _people(application, form), INVALID
    except TooManyAttemptsError as error:
        form.form_errors.append(_wait(error))
        return _people(application, form), TOO_MANY
    flash(_("The invitation is on its way to %(email)s.", email=asked.email), "success")
    return _to_people(application)


@bp.post("/aanvragen/<int:application_id>/uitnodigingen/<int:invitation_id>/opnieuw")
@requires(Can.MEMBERS_MANAGE)
def send_again(application: Application, invitation_id: int) -> ResponseReturnValue:
    """Send an invitation again, with a new link."""
    try:
        sent = invitations.send_again(application, invitation_id, actor=current_actor(), now=clock.now())
    except InvitationError:
        flash(collaboration_error("invitation_gone"), "warning")
    except TooManyAttemptsError as error:
        flash(_wait(error), "warning")
    else:
        flash(_("A new invitation is on its way to %(email)s.", email=sent.email), "success")
    return _to_people(application)


@bp.post("/aanvragen/<int:application_id>/uitnodigingen/<int:invitation_id>/intrekken")
@requires(Can.MEMBERS_MANAGE)
def withdraw_invitation(application: Application, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    try:
        withdrawn = invitations.withdraw(application, invitation_id, actor=current_actor(), now=clock.now())
    except InvitationError:
        flash(collaboration_error("invitation_gone"), "warning")
    else:
        flash(_("The invitation of %(email)s is withdrawn.", email=withdrawn.email), "success")
    return _to_people(application)


@bp.route("/aanvragen/<int:application_id>/mensen/<int:membership_id>", methods=["GET", "POST"])
@requires(Can.MEMBERS_MANAGE)
def member(application: Application, membership_id: int) -> ResponseReturnValue:
    """Change what a member may do, and for which organisation."""
    membership, user = _member(application, membership_id)
    leads = membership.capacity == Access.LEAD
    form = member_form(
        capacities=() if leads else capacity_options(GIVEN), organisations=_organisations(application)
    )(request.form or None, data=_data_of(membership))
    if request.method == "GET" or not form.validate():
        return _member_page(application, membership, user, form)
    try:
        members.change(
            application,
            membership.id,
            capacity=Access.LEAD if leads else Access(form["capacity"].data),
            participation_key=form["participation_key"].data or None,
            part=PROJECT_LEADER if form["project_leader"].data else "",
            actor=current_actor(),
            now=clock.now(),
        )
    except MembersError as error:
        form.form_errors.append(collaboration_error(error.code))
        return _member_page(application, membership, user, form)
    flash(_("Saved."), "success")
    return _to_people(application)


@bp.route("/aanvragen/<int:application_id>/mensen/<int:membership_id>/verwijderen", methods=["GET", "POST"])
@requires(Can.MEMBERS_MANAGE)
def remove_member(application: Application, membership_id: int) -> ResponseReturnValue:
    """Take a member out, after asking."""
    membership, user = _member(application, membership_id)
    if request.method == "GET":
        return render_template(
            "applicant/member_remove.html", application=application, membership=membership, user=user
        )
    try:
        members.remove(application, membership.id, actor=current_actor(), now=clock.now())
    except MembersError as error:
        flash(collaboration_error(error.code), "warning")
    else:
        flash(_("%(name)s is no member any more.", name=user.name), "success")
    return _to_people(application)


@bp.route("/aanvragen/<int:application_id>/penvoerder", methods=["GET", "POST"])
@requires(Can.MEMBERS_MANAGE)
def hand_over(application: Application) -> ResponseReturnValue:
    """Hand the project leadership (penvoerderschap) over to another member."""
    others = [
        (str(membership.id), user.name)
        for membership, user in members.list_members(application)
        if membership.capacity != Access.LEAD and user.disabled_at is None
    ]
    form = leadership_form(others, with_reason=False)(request.form or None)
    if request.method == "POST" and form.validate():
        try:
            members.hand_over(application, int(form["member"].data), actor=current_actor(), now=clock.now())
        except MembersError as error:
            form.form_errors.append(collaboration_error(error.code))
        else:
            flash(_("You handed over the project leadership."), "success")
            return _to_people(application)
    page = render_template("applicant/leadership.html", application=application, form=form, others=others)
    return page, 200 if request.method == "GET" else INVALID


def _people(application: Application, form: Form) -> str:
    now = clock.now()
    manages = allowed(Can.MEMBERS_MANAGE)
    return render_template(
        "applicant/people.html",
        application=application,
        members=members.list_members(application),
        organisations={one.key: one.name for one in application.participations},
        lead_key=next((one.key for one in application.participations if one.lead), ""),
        open_invitations=invitations.list_open(application, now=now) if manages else [],
        signatures=signatures.standing(application),
        manages=manages,
        form=form,
        capacities=tuple(Access),
    )


def _invite_form(application: Application) -> Form:
    kind = invite_form(capacities=capacity_options(GIVEN), organisations=_organisations(application))
    form: Form = kind(request.form or None)
    return form


def _organisations(application: Application) -> list[tuple[str, object]]:
    return [(one.key, one.name) for one in members.organisations(application)]


def _data_of(membership: Membership) -> dict[str, object]:
    return {
        "capacity": membership.capacity,
        "participation_key": membership.participation_key or "",
        "project_leader": membership.part == PROJECT_LEADER,
    }


def _member(application: Application, membership_id: int) -> tuple[Membership, User]:
    found = members.find_member(application, membership_id)
    if found is None:
        abort(404)
    return found


def _member_page(
    application: Application, membership: Membership, user: User, form: Form
) -> ResponseReturnValue:
    page = render_template(
        "applicant/member.html", application=application, membership=membership, user=user, form=form
    )
    return page, 200 if request.method == "GET" else INVALID


def _to_people(application: Application) -> ResponseReturnValue:
    return redirect(url_for("applicant.people", application_id=application.id), 303)


def _wait(error: TooManyAttemptsError) -> str:
    return str(_("Too many attempts. Try again in %(seconds)s seconds.", seconds=error.seconds))
