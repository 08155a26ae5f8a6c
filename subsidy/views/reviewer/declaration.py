"""Declaring no interest, or an interest, before a file opens (Awb 2:4)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.interests import SOME, DeclarationForm, TiesForm, declaration_form, ties_form
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.models import Interest, Review
from subsidy.services import interests, review_lists
from subsidy.services.interests import DeclarationRefusedError
from subsidy.services.snapshots import definition_of
from subsidy.views.reviewer import bp
from subsidy.wording.interests import KINDS, interest_refusal
from workflows.interests import Kind, Sign
from workflows.permissions import Can, Target

INVALID = 422


@bp.route("/<int:review_id>/belang", methods=["GET", "POST"])
@requires(Can.REVIEW_DECLARE_INTEREST)
def declaration(review: Review) -> ResponseReturnValue:
    """Declare no interest, or an interest; before that only who is behind the application is shown.

    Where the round hides who applies, ties are asked with all organisations of the round instead.
    """
    if definition_of(review.application.round).reviewing.hide_applicants:
        return _hidden(review)
    signs = interests.signs_for(review.application, review.reviewer_id or 0)
    form = declaration_form(KINDS.items(), signs=bool(signs))(request.form)
    if request.method == "GET" or not form.validate():
        return _page(review, form, signs=signs, status=200 if request.method == "GET" else INVALID)
    try:
        found = _declare(review, form)
    except DeclarationRefusedError as error:
        if error.code == "declared":
            return _to_own(review)
        form.form_errors.append(interest_refusal(error.code))
        return _page(review, form, signs=signs, status=INVALID)
    return _done(review, found)


def declare_first(review: Review, target: Target) -> ResponseReturnValue | None:
    """Lead who did not declare yet from the file to the declaration."""
    if review.declared_at is not None or not allowed(Can.REVIEW_DECLARE_INTEREST, target):
        return None
    return redirect(url_for("reviewer.declaration", review_id=review.id))


def _declare(review: Review, form: DeclarationForm) -> Interest | None:
    actor, now = current_actor(), clock.now()
    if form.interest.data == SOME:
        return interests.declare_interest(
            review,
            kind=Kind(form.kind.data),
            nature=form.nature.data or "",
            measure=form.measure_text,
            actor=actor,
            now=now,
        )
    interests.declare_no_interest(review, why=form.why.data or "", actor=actor, now=now)
    return None


def _hidden(review: Review) -> ResponseReturnValue:
    form = ties_form(interests.organisations_in(review.application.round))(request.form)
    if request.method == "GET" or not form.validate():
        return _page(review, form, status=200 if request.method == "GET" else INVALID)
    try:
        found = interests.declare_ties(
            review,
            frozenset(form.ties.data or ()),
            nature=form.nature.data or "",
            actor=current_actor(),
            now=clock.now(),
        )
    except DeclarationRefusedError as error:
        if error.code == "declared":
            return _to_own(review)
        form.form_errors.append(interest_refusal(error.code))
        return _page(review, form, status=INVALID)
    return _done(review, found)


def _done(review: Review, found: Interest | None) -> ResponseReturnValue:
    if found is None:
        return redirect(url_for("reviewer.file", review_id=review.id), 303)
    flash(_("Your interest is recorded. The chair decides on it; you hear from us."), "success")
    return redirect(url_for("reviewer.index"), 303)


def _page(
    review: Review, form: Form, *, signs: tuple[Sign, ...] = (), status: int = 200
) -> ResponseReturnValue:
    hidden = isinstance(form, TiesForm)
    return (
        render_template(
            "reviewer/declaration.html",
            review=review,
            form=form,
            hidden=hidden,
            outline=None if hidden else review_lists.outline(review.application),
            signs=signs,
            reported=interests.find_newest(review.application, review.reviewer_id),
        ),
        status,
    )


def _to_own(review: Review) -> ResponseReturnValue:
    closed = interests.find_live(review.application, review.reviewer_id) is not None
    here = url_for("reviewer.index") if closed else url_for("reviewer.file", review_id=review.id)
    return redirect(here, 303)
