"""Messages of the collaboration to the office, and the answers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forms.correspondence import MessageForm
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import Application
from subsidy.services import messages as service
from subsidy.views.applicant import bp
from workflows.permissions import Can

INVALID = 422


@bp.get("/aanvragen/<int:application_id>/berichten")
@requires(Can.MESSAGE_READ_OWN, writes=True)
def messages(application: Application) -> ResponseReturnValue:
    """Show the messages, newest first; what the office wrote is read from now on."""
    page = _read(application)
    if request.method == "GET":
        service.mark_read(page.letters, user_id=current_user.id, now=clock.now())
    return _page(application, page, MessageForm(data={"seen": page.newest}))


@bp.post("/aanvragen/<int:application_id>/berichten")
@requires(Can.MESSAGE_WRITE_OWN)
def send_message(application: Application) -> ResponseReturnValue:
    """Send a message to the office."""
    form = MessageForm(request.form)
    if not form.validate():
        return _page(application, _read(application), form), INVALID
    service.send(
        application,
        form.body.data or "",
        from_office=False,
        seen=form.seen.data,
        actor=current_actor(),
        now=clock.now(),
    )
    flash(_("Your message was sent. You get an e-mail when the office answers."), "success")
    return redirect(url_for("applicant.messages", application_id=application.id), 303)


def _read(application: Application) -> service.Page:
    before = request.args.get("voor", type=id_in)
    return service.page_of(application, user_id=current_user.id, for_office=False, before=before)


def _page(application: Application, page: service.Page, form: MessageForm) -> str:
    return render_template("applicant/messages.html", application=application, page=page, form=form)
