"""The letters of one application: what became of each, repair of what did not arrive, paper on request."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.sending import OtherAddressForm, PaperForm
from subsidy import clock
from subsidy.access import LAST_ID, current_actor, requires
from subsidy.models import Application
from subsidy.services import announcements, by_post, letter_trail, paper_requests, posting, readdressing
from subsidy.services.decisions import DecisionError
from subsidy.services.readdressing import NotAwaitedError
from subsidy.views.office import bp
from subsidy.wording.decisions import decision_refusal
from workflows.permissions import Can

INVALID = 422
HERE = "/aanvragen/<int:application_id>/brieven"


@bp.get(HERE)
@requires(Can.LETTER_VIEW)
def letters(application: Application) -> ResponseReturnValue:
    """Show what became of each letter: drawn, placed, notified, posted, read."""
    return _page(application)


@bp.post(f"{HERE}/adres")
@requires(Can.LETTER_ANNOUNCE)
def readdress(application: Application) -> ResponseReturnValue:
    """Send a notification that failed to another address as well."""
    mail_id = request.form.get("mail", "")
    if not (mail_id.isascii() and mail_id.isdigit() and int(mail_id) <= LAST_ID):
        abort(404)
    form = OtherAddressForm(request.form, prefix=_prefix(int(mail_id)))
    if not form.validate():
        return _page(application, {int(mail_id): form}), INVALID
    try:
        readdressing.readdress(
            application, int(mail_id), form.email.data or "", actor=current_actor(), now=clock.now()
        )
    except NotAwaitedError:
        flash(_("This notification is not waiting any more: look below how it fares."), "info")
    else:
        flash(_("The notification goes to this address now."), "success")
    return _back(application)


@bp.post(f"{HERE}/<int:letter_id>/gepost")
@requires(Can.LETTER_ANNOUNCE)
def letter_posted(application: Application, letter_id: int) -> ResponseReturnValue:
    """Record that one letter was posted today."""
    letter = letter_trail.find(application, letter_id) or abort(404)
    try:
        posting.post_letter(application, letter, actor=current_actor(), now=clock.now())
    except DecisionError as error:
        flash(decision_refusal(error.code, error.params), "warning")
    else:
        flash(_("The letter is recorded as posted today."), "success")
    return _back(application)


@bp.get("/aanvragen/<int:application_id>/papier")
@requires(Can.PAPER_ASK)
def paper_request(application: Application) -> ResponseReturnValue:
    """Ask on behalf of an applicant that letters go by post, and where."""
    asked = by_post.find_request(application.id)
    form = PaperForm(data={"address": asked.address if asked else ""})
    return render_template("office/paper_request.html", application=application, form=form, asked=asked)


@bp.post("/aanvragen/<int:application_id>/papier")
@requires(Can.PAPER_ASK)
def ask_paper(application: Application) -> ResponseReturnValue:
    """Let the letters of an application go by post."""
    form = PaperForm(request.form)
    if not form.validate():
        asked = by_post.find_request(application.id)
        page = render_template("office/paper_request.html", application=application, form=form, asked=asked)
        return page, INVALID
    paper_requests.ask(application, form.address.data or "", actor=current_actor(), now=clock.now())
    flash(_("The letters of this application go by post from now on."), "success")
    return redirect(url_for("office.paper_request", application_id=application.id), 303)


@bp.post("/aanvragen/<int:application_id>/papier/beeindigen")
@requires(Can.PAPER_ASK)
def end_paper(application: Application) -> ResponseReturnValue:
    """Let notifications go again."""
    paper_requests.end(application, actor=current_actor(), now=clock.now())
    flash(_("The letters of this application no longer go by post."), "success")
    return redirect(url_for("office.paper_request", application_id=application.id), 303)


def _prefix(mail_id: int) -> str:
    """Tell the fields of one notification from those of another on the page."""
    return f"mail-{mail_id}-"


def _page(application: Application, typed: Mapping[int, OtherAddressForm] | None = None) -> str:
    trails = letter_trail.trails_of(application)
    troubled = [one.mail_id for trail in trails for one in trail.notices if one.troubled]
    return render_template(
        "office/letters.html",
        application=application,
        trails=trails,
        paper=by_post.find_request(application.id),
        people=announcements.find_addresses(application.id),
        today=clock.today(),
        typed=typed or {},
        addresses={one: (typed or {}).get(one) or OtherAddressForm(prefix=_prefix(one)) for one in troubled},
    )


def _back(application: Application) -> ResponseReturnValue:
    return redirect(url_for("office.letters", application_id=application.id), 303)
