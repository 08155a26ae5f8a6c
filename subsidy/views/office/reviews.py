"""The reviews of one application, for the office: who wrote what, and opening one again."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from forms.reviewer import ReopeningForm, text_of
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.db import db
from subsidy.models import Application, Review
from subsidy.services import events, review_reports, snapshots
from subsidy.services import reviews as service
from subsidy.services.reviews import NotReopenedError
from subsidy.views.office import bp
from subsidy.wording.reviewing import NOT_REOPENED
from workflows.permissions import Can

INVALID = 422


@bp.get("/aanvragen/<int:application_id>/beoordelingen")
@requires(Can.REVIEW_READ_ALL, writes=True)
def reviews(application: Application) -> ResponseReturnValue:
    """Show who reviews this application and what they handed in; never private notes or drafts."""
    events.look("reviews", at=clock.now(), user_id=current_user.id, application_id=application.id)
    return render_template(
        "office/reviews.html",
        application=application,
        reports=review_reports.reports_of(application),
        criteria=snapshots.definition_of(application.round).rules.criteria,
        text_of=text_of,
    )


@bp.route("/aanvragen/<int:application_id>/beoordelingen/<int:given_id>/heropenen", methods=["GET", "POST"])
@requires(Can.REVIEW_REOPEN)
def reopen_review(application: Application, given_id: int) -> ResponseReturnValue:
    """Open a review again, with a reason for its reviewer."""
    review = db.session.get(Review, given_id)
    if review is None or review.application_id != application.id:
        abort(404)
    form = ReopeningForm(request.form)
    here = url_for("office.reviews", application_id=application.id)
    if request.method == "GET" or not form.validate():
        return _page(application, review, form, 200 if request.method == "GET" else INVALID)
    try:
        service.reopen(review, form.reason.data or "", actor=current_actor(), now=clock.now())
    except NotReopenedError as error:
        form.form_errors.append(str(NOT_REOPENED[error.code]))
        return _page(application, review, form, INVALID)
    flash(_("The review is open again. The reviewer gets your reason by e-mail."), "success")
    return redirect(here, 303)


def _page(application: Application, review: Review, form: ReopeningForm, status: int) -> ResponseReturnValue:
    name = review.account.name if review.account else review.reviewer
    page = render_template(
        "office/review_reopen.html", application=application, review=review, name=name, form=form
    )
    return page, status
