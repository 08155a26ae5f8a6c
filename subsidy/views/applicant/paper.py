"""Asking letters on paper, and ending it (Awb 2:8)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.sending import PaperForm
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Application
from subsidy.services import by_post, paper_requests
from subsidy.views.applicant import bp
from workflows.permissions import Can

INVALID = 422
HERE = "/aanvragen/<int:application_id>/papier"


@bp.get(HERE)
@requires(Can.PAPER_ASK)
def paper(application: Application) -> ResponseReturnValue:
    """Show whether letters go by post, and where."""
    lines = by_post.address_of(application.id)
    return _page(application, PaperForm(data={"address": "\n".join(lines)}))


@bp.post(HERE)
@requires(Can.PAPER_ASK)
def ask_paper(application: Application) -> ResponseReturnValue:
    """Let letters go by post from now on."""
    form = PaperForm(request.form)
    if not form.validate():
        return _page(application, form), INVALID
    paper_requests.ask(application, form.address.data or "", actor=current_actor(), now=clock.now())
    flash(_("You get our letters by post from now on."), "success")
    return redirect(url_for("applicant.paper", application_id=application.id), 303)


@bp.post(f"{HERE}/beeindigen")
@requires(Can.PAPER_ASK)
def end_paper(application: Application) -> ResponseReturnValue:
    """Let notifications by e-mail go again."""
    paper_requests.end(application, actor=current_actor(), now=clock.now())
    flash(_("You no longer get letters on paper. We e-mail you when there is a new letter."), "success")
    return redirect(url_for("applicant.paper", application_id=application.id), 303)


def _page(application: Application, form: PaperForm) -> str:
    return render_template(
        "applicant/paper.html",
        application=application,
        form=form,
        asked=by_post.find_request(application.id),
    )
