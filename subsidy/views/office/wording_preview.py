"""A look at a letter before anything is sent: on a real application of the round, or on a made-up one."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.wordings import ChooseForm
from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.documents.letter import LetterContent
from subsidy.documents.letter_preview import as_html, preview_of, sample_of
from subsidy.documents.letter_values import LetterError
from subsidy.models import Application, Round
from subsidy.services import decision_lists, events, wordings
from subsidy.services.wordings import Opened, WordingError
from subsidy.views.office import bp
from subsidy.views.office.wording_pages import page_at
from workflows.permissions import Can

INVALID = 422
CHOICES = 25


@bp.get("/ronden/<slug>/briefteksten/<page>/voorbeeld")
@requires(Can.WORDING_VIEW)
def preview_wording(round_: Round, page: str) -> ResponseReturnValue:
    """Show a kind of letter on a made-up application, and offer the real ones."""
    found = page_at(page)
    if found is None or found.kind is None:
        abort(404)
    opened = _opened(round_)
    return render_template(
        "office/wording_preview.html",
        round_=round_,
        page=found,
        opened=opened,
        version=request.args.get("versie"),
        letter=as_html(sample_of(round_, wordings.definition_opened(round_, opened), found.kind)),
        application=None,
        refusal=None,
    )


@bp.get("/ronden/<slug>/briefteksten/aanvraag")
@requires(Can.RANKING_VIEW)
def choose_preview(round_: Round) -> ResponseReturnValue:
    """Choose the application on which a letter is shown: by its reference, or from the list."""
    opened = _opened(round_)
    form = ChooseForm(request.args if "aanvraag" in request.args else None)
    version = request.args.get("versie")
    if "aanvraag" in request.args and form.validate():
        chosen = decision_lists.find_id(round_, form["aanvraag"].data)
        if chosen is not None:
            return redirect(url_for("office.preview_letter", application_id=chosen, versie=version), 303)
        form["aanvraag"].errors = [_("There is no application with this reference in this round.")]
    after = request.args.get("na", "")
    rows = decision_lists.find_rows(round_, today=clock.today(), after=after, limit=CHOICES + 1)
    following = rows[CHOICES - 1].reference if len(rows) > CHOICES else None
    page = render_template(
        "office/wording_choose.html",
        round_=round_,
        opened=opened,
        form=form,
        rows=rows[:CHOICES],
        version=version,
        first_url=url_for("office.choose_preview", slug=round_.slug, versie=version) if after else None,
        next_url=url_for("office.choose_preview", slug=round_.slug, versie=version, na=following)
        if following
        else None,
    )
    return page, INVALID if form.errors else 200


@bp.get("/aanvragen/<int:application_id>/briefvoorbeeld")
@requires(Can.LETTER_VIEW, writes=True)
def preview_letter(application: Application) -> ResponseReturnValue:
    """Show the letter of an application as it would be now; who looks is logged."""
    if not allowed(Can.WORDING_VIEW):
        abort(404)
    round_ = application.round
    opened = _opened(round_)
    events.look(
        "letter preview", at=clock.now(), user_id=current_actor().user_id, application_id=application.id
    )
    content: LetterContent | None = None
    refusal = None
    try:
        content = preview_of(application, wordings.definition_opened(round_, opened))
    except LetterError as error:
        refusal = str(error)
    return render_template(
        "office/wording_preview.html",
        round_=round_,
        page=None,
        opened=opened,
        version=request.args.get("versie"),
        letter=None if content is None else as_html(content),
        application=application,
        refusal=refusal,
    )


def _opened(round_: Round) -> Opened:
    """Give the words of the version that was asked for, else the newest; 404 for one that is not there."""
    asked = request.args.get("versie", type=id_in)
    try:
        return wordings.open_words(round_) if asked is None else wordings.words_of(round_, asked)
    except WordingError:
        return abort(404)
