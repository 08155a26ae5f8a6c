"""Messages of the office to a collaboration, and what people wrote that waits for the office."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forms.correspondence import MessageForm
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.models import Application
from subsidy.services import events
from subsidy.services import incoming as waiting
from subsidy.services import messages as service
from subsidy.services.messages import UnreachableError
from subsidy.services.reach import OFFICE, reach_of
from subsidy.views.office import bp
from workflows.permissions import Can

INVALID = 422


@bp.get("/post")
@requires(Can.QUESTION_ANSWER)
def incoming() -> ResponseReturnValue:
    """List the files with messages that nobody read, and the rounds with questions to answer."""
    reach = reach_of(current_actor(), *OFFICE)
    rounds = waiting.rounds_to_answer(reach, current_actor())
    after = request.args.get("na", 0, type=id_in)
    page = waiting.find_files(reach, rounds, after=after)
    return render_template(
        "office/incoming.html",
        files=page.files,
        questions=waiting.questions_per_round(rounds),
        first_url=url_for("office.incoming") if after else None,
        next_url=url_for("office.incoming", na=page.next_after) if page.next_after else None,
    )


@bp.get("/aanvragen/<int:application_id>/berichten")
@requires(Can.MESSAGE_READ, writes=True)
def messages(application: Application) -> ResponseReturnValue:
    """Show the messages, newest first. For an officer they are read from now on; who else looks is logged."""
    page, now = _read(application), clock.now()
    if request.method == "GET" and allowed(Can.MESSAGE_WRITE):
        service.mark_read(page.letters, user_id=current_user.id, now=now)
    else:
        events.look("messages", at=now, user_id=current_user.id, application_id=application.id)
    return _page(application, page, MessageForm(data={"seen": page.newest}))


@bp.post("/aanvragen/<int:application_id>/berichten")
@requires(Can.MESSAGE_WRITE)
def send_message(application: Application) -> ResponseReturnValue:
    """Send a message to the collaboration."""
    form = MessageForm(request.form)
    if not form.validate():
        return _page(application, _read(application), form), INVALID
    try:
        service.send(
            application,
            form.body.data or "",
            from_office=True,
            seen=form.seen.data,
            actor=current_actor(),
            now=clock.now(),
        )
    except UnreachableError:
        form.form_errors.append(_("Nobody of this collaboration can be reached. Send a letter by post."))
        return _page(application, _read(application), form), INVALID
    flash(_("The message was sent."), "success")
    return redirect(url_for("office.messages", application_id=application.id), 303)


def _read(application: Application) -> service.Page:
    before = request.args.get("voor", type=id_in)
    return service.page_of(application, user_id=current_user.id, for_office=True, before=before)


def _page(application: Application, page: service.Page, form: MessageForm) -> str:
    return render_template(
        "office/messages.html",
        application=application,
        page=page,
        form=form,
        can_be_reached=service.can_be_reached(application),
    )
