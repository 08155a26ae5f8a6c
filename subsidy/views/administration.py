"""Pages for who looks after the installation: people and roles, background work, events, development mail."""

from importlib import import_module

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from forms.account import ALL_ROUNDS, FindPersonForm, GrantForm
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.db import LOCK, db
from subsidy.models import OutboxRow, Round, User
from subsidy.services import grants, outbox, people_lists, sent_mail
from subsidy.services.advance import NotAllowedError
from subsidy.wording.labels import role_label
from workflows.permissions import NOTHING, Can, Role

bp = Blueprint("administration", __name__, url_prefix="/beheer")


@bp.get("/")
@requires(Can.OUTBOX_VIEW)
def index() -> ResponseReturnValue:
    """Lead to the rooms that this person may enter."""
    return render_template("administration/index.html")


@bp.get("/mensen")
@requires(Can.GRANTS_VIEW)
def people() -> ResponseReturnValue:
    """List people and their roles, by name."""
    form = FindPersonForm(request.args)
    page = people_lists.find_people(
        search=form.search.data, staff=form.staff.data, after_id=request.args.get("na", type=id_in)
    )
    further = page.more and url_for(
        "administration.people",
        na=page.more,
        search=form.search.data or None,
        staff="y" if form.staff.data else None,
    )
    return render_template(
        "administration/people.html",
        form=form,
        people=page.rows,
        rounds=people_lists.round_titles(),
        further=further,
    )


@bp.get("/mensen/<int:user_id>")
@requires(Can.GRANTS_VIEW)
def person(user: User) -> ResponseReturnValue:
    """Show one person's roles, with what is needed to change them."""
    rounds = people_lists.round_titles()
    return render_template("administration/person.html", user=user, rounds=rounds, form=_grant_form(rounds))


@bp.post("/mensen/<int:user_id>/rollen")
@requires(Can.GRANTS_MANAGE)
def give(user: User) -> ResponseReturnValue:
    """Give a person a role, on one round or on all."""
    rounds = people_lists.round_titles()
    form = _grant_form(rounds)
    if not form.validate():
        page = render_template("administration/person.html", user=user, rounds=rounds, form=form)
        return page, 422
    round_id = None if form.round_id.data == ALL_ROUNDS else int(form.round_id.data)
    try:
        given = grants.give(
            current_actor(), user, role=Role(form.role.data), round_id=round_id, now=clock.now()
        )
    except NotAllowedError:
        abort(403)
    if given:
        role = role_label(form.role.data)
        flash(_("%(name)s now has the role %(role)s.", name=user.name, role=role), "success")
    else:
        flash(_("%(name)s had this role already.", name=user.name), "info")
    return redirect(url_for("administration.person", user_id=user.id), 303)


@bp.post("/mensen/<int:user_id>/rollen/<int:grant_id>/intrekken")
@requires(Can.GRANTS_MANAGE)
def take(user: User, grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    try:
        taken = grants.take(current_actor(), user, grant_id=grant_id, now=clock.now())
    except NotAllowedError:
        abort(403)
    flash(_("The role was taken away.") if taken else _("This role was taken away already."), "success")
    return redirect(url_for("administration.person", user_id=user.id), 303)


@bp.get("/werk")
@requires(Can.OUTBOX_VIEW)
def work() -> ResponseReturnValue:
    """Show how much work waits, and what failed for good with the reason."""
    query = outbox.dead_rows(request.args.get("na", type=id_in), limit=people_lists.PAGE + 1)
    rows = db.session.scalars(query).all()
    shown = rows[: people_lists.PAGE]
    further = url_for("administration.work", na=shown[-1].id) if len(rows) > len(shown) else None
    waiting = outbox.count_waiting(now=clock.now())
    return render_template("administration/work.html", rows=shown, waiting=waiting, further=further)


@bp.post("/werk/<int:row_id>/opnieuw")
@requires(Can.OUTBOX_RETRY)
def retry(row_id: int) -> ResponseReturnValue:
    """Let failed work try again; a second press finds it no longer dead."""
    row = db.session.get(OutboxRow, row_id, with_for_update=LOCK)
    if row is None:
        abort(404)
    if row.dead_at is None:
        flash(_("This work tries again already."), "info")
    else:
        outbox.revive(row, now=clock.now())
        flash(_("This work tries again."), "success")
    return redirect(url_for("administration.work"), 303)


@bp.get("/gebeurtenissen")
@requires(Can.EVENTS_VIEW)
def chains() -> ResponseReturnValue:
    """List the rounds whose events this person may ask for."""
    rounds = people_lists.rounds_with_events(current_actor())
    office = allowed(Can.EVENTS_VIEW, NOTHING)
    return render_template("administration/chains.html", rounds=rounds, office=office)


@bp.get("/gebeurtenissen/bureau")
@requires(Can.EVENTS_VIEW)
def office_events() -> ResponseReturnValue:
    """Show the events that belong to no round: accounts and roles on all rounds."""
    if not allowed(Can.EVENTS_VIEW, NOTHING):
        abort(404)
    return _events(None, _("Events of the office"), "administration.office_events")


@bp.get("/gebeurtenissen/ronde/<slug>")
@requires(Can.EVENTS_VIEW)
def round_events(round_: Round) -> ResponseReturnValue:
    """Show the events of a round."""
    return _events(round_, _("Events"), "administration.round_events")


@bp.get("/post")
@requires(Can.MAIL_VIEW_DEV)
def mail() -> ResponseReturnValue:
    """Show the mail that an installation for development wrote to files; never there in production."""
    return render_template("administration/mail.html", mails=sent_mail.newest())


def _events(round_: Round | None, title: str, endpoint: str) -> str:
    id_, slug = (None, None) if round_ is None else (round_.id, round_.slug)
    page = people_lists.events_of(id_, before=request.args.get("voor", type=id_in))
    further = page.more and url_for(endpoint, voor=page.more, slug=slug)
    return render_template(
        "administration/events.html", title=title, round=round_, events=page.rows, further=further
    )


def _grant_form(rounds: dict[int, str]) -> GrantForm:
    form = GrantForm(request.form)
    form.role.choices = [SelectChoice(role.value, role_label(role)) for role in Role]
    form.round_id.choices = [
        SelectChoice(ALL_ROUNDS, _("all rounds")),
        *(SelectChoice(str(id_), title) for id_, title in rounds.items()),
    ]
    return form


import_module("subsidy.views.administration_mandates")
import_module("subsidy.views.administration_letterhead")
