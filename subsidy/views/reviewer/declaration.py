"""Declaring no interest, or an interest, before a file opens (Awb 2:4)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.reviewer import SOME, DeclarationForm
from subsidy import clock
from subsidy.access import current_actor, requires
from subsidy.models import Review
from subsidy.services import interests, review_lists
from subsidy.services.interests import DeclarationRefusedError
from subsidy.views.reviewer import bp
from workflows.permissions import Can


@bp.route("/<int:review_id>/belang", methods=["GET", "POST"])
@requires(Can.REVIEW_DECLARE_INTEREST)
def declaration(review: Review) -> ResponseReturnValue:
    """Declare no interest, or an interest; before that only who is behind the application is shown."""
    form = DeclarationForm(request.form)
    if request.method == "GET" or not form.validate():
        return _declaration(review, form, 200 if request.method == "GET" else 422)
    try:
        if form.interest.data == SOME:
            interests.declare_interest(
                review,
                nature=form.nature.data,
                measure=form.measure.data,
                actor=current_actor(),
                now=clock.now(),
            )
            flash(_("Your interest is recorded. The subsidy office takes over from here."), "success")
            return redirect(url_for("reviewer.index"), 303)
        interests.declare_no_interest(review, actor=current_actor(), now=clock.now())
    except DeclarationRefusedError as error:
        if error.code == "declared":
            return redirect(_page_of(review), 303)
        form.form_errors.append(
            {
                "decided": _("This application was decided already. Call us about your interest."),
                "involved": _("You take part in an application of this round. Report that as an interest."),
            }[error.code]
        )
        return _declaration(review, form, 422)
    return redirect(url_for("reviewer.file", review_id=review.id), 303)


def _declaration(review: Review, form: DeclarationForm, status: int) -> ResponseReturnValue:
    outline = review_lists.outline(review.application)
    return render_template("reviewer/declaration.html", review=review, form=form, outline=outline), status


def _page_of(review: Review) -> str:
    if review.conflict is not None:
        return url_for("reviewer.index")
    return url_for("reviewer.file", review_id=review.id)
