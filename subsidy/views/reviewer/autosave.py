"""What a script asks while a reviewer writes: save what there is. Answers are JSON, as for an applicant.

An autosave does what the save button does, and its refusals are no errors: what cannot be stored is kept. Its
answer has `state`, `text` for the person, the marks that the page sends along next time (`version`, `seen`,
`kept`), and `link`, where there is more to do.
"""

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from subsidy import clock
from subsidy.access import requires
from subsidy.models import Review
from subsidy.services import review_drafts, snapshots
from subsidy.services.drafting import CLASH, CLOSED, UNREADABLE
from subsidy.services.review_drafts import ClashError, ReviewClosedError
from subsidy.views.reviewer import bp
from subsidy.views.reviewer.writing import draft_in, form_of, keep, let_go, store
from subsidy.views.unsaved import KEPT
from workflows.permissions import Can

MORE = {
    UNREADABLE: _l("Show which"),
    CLASH: _l("Compare and choose"),
    CLOSED: _l("Show what you typed"),
}


@bp.post("/<int:review_id>/tussendoor")
@requires(Can.REVIEW_VIEW_FILE)
def autosave(review: Review) -> ResponseReturnValue:
    """Save a review while it is written; never hands it in."""
    definition = snapshots.definition_of(review.application.round)
    form = form_of(review, definition, request.form)
    if not form.validate():
        number = len(form.errors)
        return _kept(
            review,
            UNREADABLE,
            ngettext("%(num)s field needs attention", "%(num)s fields need attention", number),
        )
    draft = draft_in(form, definition)
    try:
        theirs = store(review, draft, definition, seen=form.seen.data or "")
    except ClashError:
        return _kept(review, CLASH, _("you changed the same in another window"))
    except ReviewClosedError:
        return _kept(review, CLOSED, _("this review can no longer be changed"))
    let_go(review)
    text = _("Saved %(time)s", time=_time())
    # A page that shows older text in some part shows no version of the review.
    marks = {"version": "" if theirs else str(review.version), "seen": draft.marks, "kept": ""}
    if not theirs:
        return jsonify(state="saved", text=text, **marks)
    labels = ", ".join(str(field.label.text) for field in form if field.name in theirs)
    text += ". " + _("Changed in another window meanwhile: %(labels)s", labels=labels)
    return jsonify(
        state="saved", text=text, link={"url": _page(review), "text": str(_("Show that"))}, **marks
    )


@bp.post("/<int:review_id>/vergeten")
@requires(Can.REVIEW_VIEW_FILE)
def forget_kept(review: Review) -> ResponseReturnValue:
    """Let go of what was typed and not saved, and show what is saved."""
    review_drafts.let_go(review, knows=request.form.get(KEPT, ""))
    flash(_("This is what is saved now."), "success")
    return redirect(_page(review), 303)


def _kept(review: Review, reason: str, problem: str) -> ResponseReturnValue:
    """Keep what was sent and say why it is not saved; or that another window has text that is not saved."""
    mark = keep(review)
    if not mark:
        text = _("Not saved: another window of yours has text in this review that is not saved yet")
        return jsonify(state="elsewhere", text=text)
    link = {"url": _page(review), "text": str(MORE[reason])}
    text = _("Kept %(time)s, not saved yet: %(problem)s", time=_time(), problem=problem)
    return jsonify(state=reason, text=text, kept=mark, link=link)


def _time() -> str:
    return str(format_time(clock.now(), "HH:mm"))


def _page(review: Review) -> str:
    return url_for("reviewer.file", review_id=review.id)
