"""The questions about a call: what waits for an answer, what was answered, and writing the answer."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from forms.correspondence import ASKER_ONLY, PUBLISH, answer_form
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.models import CallQuestion, Round
from subsidy.services import call_questions as service
from subsidy.services.call_questions import Asked, ClashError
from subsidy.views.office import bp
from workflows.permissions import Can

INVALID, CLASH = 422, 409


@bp.get("/ronden/<slug>/vragen")
@requires(Can.QUESTION_ANSWER)
def questions(round_: Round) -> ResponseReturnValue:
    """List the questions of a round that wait for an answer, or those that have one."""
    answered = request.args.get("beantwoord") == "1"
    after = request.args.get("na", type=id_in)
    page = service.page_of(round_, answered=answered, after=after)
    mark = "1" if answered else None
    return render_template(
        "office/questions.html",
        round_=round_,
        answered=answered,
        numbers=service.numbers_of(round_),
        asked=page.asked,
        changed_at=service.changed_at,
        first_url=url_for("office.questions", slug=round_.slug, beantwoord=mark) if after else None,
        next_url=url_for("office.questions", slug=round_.slug, beantwoord=mark, na=page.next_after)
        if page.next_after
        else None,
    )


@bp.get("/ronden/<slug>/vragen/<int:question_id>")
@requires(Can.QUESTION_ANSWER)
def question(round_: Round, question_id: int) -> ResponseReturnValue:
    """Show one question, to answer it or to correct the answer."""
    asked = _asked(round_, question_id)
    return _page(round_, asked, answer_form()(data=_stored(asked.question)))


@bp.post("/ronden/<slug>/vragen/<int:question_id>")
@requires(Can.QUESTION_ANSWER)
def answer_question(round_: Round, question_id: int) -> ResponseReturnValue:
    """Answer a question, or correct the answer."""
    asked = _asked(round_, question_id)
    form = answer_form()(request.form)
    if not form.validate():
        return _page(round_, asked, form), INVALID
    publish = form["to"].data == PUBLISH
    try:
        service.answer(
            asked.question,
            round_,
            wording=form["question"].data,
            text=form["answer"].data,
            publish=publish,
            seen=form["seen"].data,
            actor=current_actor(),
            now=clock.now(),
        )
    except ClashError as clash:
        form["seen"].data = service.version_of(clash.stored)
        return _page(round_, asked, form, clash=clash.stored), CLASH
    flash(
        _("The question and the answer are on the page of the round.")
        if publish
        else _("The answer goes to the asker alone."),
        "success",
    )
    return redirect(url_for("office.questions", slug=round_.slug), 303)


def _asked(round_: Round, question_id: int) -> Asked:
    found = service.find(round_, question_id)
    return abort(404) if found is None else found


def _stored(question: CallQuestion) -> dict[str, object]:
    """Give what the form begins with: what is stored, or the question as it was asked."""
    to = PUBLISH if question.answered_at is None or question.published_at is not None else ASKER_ONLY
    return {
        "seen": service.version_of(question),
        "question": question.question or question.asked,
        "answer": question.answer,
        "to": to,
    }


def _page(round_: Round, asked: Asked, form: Form, clash: CallQuestion | None = None) -> str:
    return render_template(
        "office/question.html",
        round_=round_,
        question=asked.question,
        asker=asked.asker,
        changed_at=service.changed_at(asked.question),
        form=form,
        clash=clash,
    )
