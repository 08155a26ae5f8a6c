"""The words of the letters of a round: how they stand, and writing them."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.wordings import PublishForm, WordsForm, shown, words_form
from subsidy import clock
from subsidy.access import allowed, current_actor, requires
from subsidy.documents.letter_sample import examples
from subsidy.models import Round
from subsidy.services import wording_versions, wordings
from subsidy.services.snapshots import definition_of
from subsidy.services.wordings import ClashError, Opened, WordingError
from subsidy.views.office import bp
from subsidy.views.office.wording_pages import PAGES, Page, page_at, page_of_kind, page_with
from subsidy.wording.letter_words import part_label, whole_label, wording_refusal
from workflows.letter_parts import law_of
from workflows.letter_words import Words
from workflows.permissions import Can
from workflows.phrases import LetterKind, Place, fields_at

INVALID, CLASH = 422, 409


@bp.get("/ronden/<slug>/briefteksten")
@requires(Can.WORDING_VIEW)
def wording(round_: Round) -> ResponseReturnValue:
    """Show how the words of the letters stand: what is in force, the draft, and what is missing."""
    opened = wordings.open_words(round_)
    faults = wordings.faults_in(round_, opened)
    in_force = wordings.find_in_force(round_.id)
    faulty = {page.address: [one for one in faults if page_with(one.place) is page] for page in PAGES}
    law = {kind: law_of(kind, definition_of(round_), opened.classes) for kind in LetterKind}
    return render_template(
        "office/wording.html",
        round_=round_,
        opened=opened,
        in_force=in_force,
        pages=PAGES,
        page_of_kind=page_of_kind,
        page_with=page_with,
        faults=faults,
        faulty=faulty,
        law=law,
        starts=starts_of(opened),
        key_of=key_of,
        seen=wordings.mark_of(opened.words),
        editable=wordings.may_change(round_) and allowed(Can.WORDING_EDIT),
    )


@bp.route("/ronden/<slug>/briefteksten/<page>", methods=["GET", "POST"])
@requires(Can.WORDING_EDIT)
def edit_wording(round_: Round, page: str) -> ResponseReturnValue:
    """Write the words of one page; they go into the draft."""
    found = page_at(page)
    if found is None:
        abort(404)
    if not wordings.may_change(round_):
        flash(wording_refusal("not_published"), "info")
        return _back(round_)
    opened = wordings.open_words(round_)
    form = _form(opened, found)
    if request.method == "GET":
        return _edit_page(round_, opened, found, form)
    if not form.validate():
        return _edit_page(round_, opened, found, form), INVALID
    try:
        saved = wordings.save(
            round_,
            form.typed(found.spots(opened.classes)),
            seen=form["seen"].data or "",
            actor=current_actor(),
            now=clock.now(),
        )
    except ClashError as clash:
        form["seen"].data = wordings.mark_of(clash.stored)
        return _edit_page(round_, wordings.open_words(round_), found, form, clash.stored), CLASH
    except WordingError as error:
        form.form_errors.append(wording_refusal(error.code))
        return _edit_page(round_, opened, found, form), INVALID
    flash(_("The draft is saved.") if saved else _("Nothing was changed."), "success" if saved else "info")
    return redirect(url_for("office.edit_wording", slug=round_.slug, page=found.address), 303)


@bp.route("/ronden/<slug>/briefteksten/publiceren", methods=["GET", "POST"])
@requires(Can.WORDING_EDIT)
def publish_wording(round_: Round) -> ResponseReturnValue:
    """Put the draft in force, with a reason; first show what it changes."""
    opened = wordings.open_words(round_)
    if opened.draft is None:
        flash(wording_refusal("no_draft"), "info")
        return _back(round_)
    mark = wordings.mark_of(opened.words)
    form = PublishForm(request.form if request.method == "POST" else None, data={"seen": mark})
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.validate():
            try:
                wordings.publish(
                    round_,
                    reason=form["reason"].data,
                    seen=form["seen"].data or "",
                    actor=current_actor(),
                    now=clock.now(),
                )
            except WordingError as error:
                form.form_errors.append(wording_refusal(error.code))
                status = CLASH if error.code == "changed" else INVALID
            else:
                flash(_("The words are in force for every letter that is still to be written."), "success")
                return _back(round_)
        form["seen"].data = mark
    page = render_template(
        "office/wording_publish.html",
        round_=round_,
        opened=opened,
        form=form,
        faults=wordings.faults_in(round_, opened),
        page_with=page_with,
        key_of=key_of,
        changes=wording_versions.changes_in(round_, opened),
        starts=starts_of(opened),
    )
    return page, status


@bp.post("/ronden/<slug>/briefteksten/weggooien")
@requires(Can.WORDING_EDIT)
def discard_wording(round_: Round) -> ResponseReturnValue:
    """Throw the draft away."""
    try:
        wordings.discard(round_, seen=request.form.get("seen", ""), actor=current_actor(), now=clock.now())
    except WordingError as error:
        flash(wording_refusal(error.code), "warning")
    else:
        flash(_("The draft is thrown away. The words in force stay as they are."), "success")
    return _back(round_)


def starts_of(opened: Opened) -> tuple[int, ...]:
    """Give the amounts (euro cents) from which the classes of amounts hold."""
    return tuple(one["from_cents"] for one in opened.phrases["amount_classes"])


def key_of(place: Place, language: str) -> str:
    """Give the id of the field in which a place is written; that in Dutch where both are meant."""
    return f"{'-'.join(map(str, place))}-{language or 'nl'}"


def _form(opened: Opened, page: Page) -> WordsForm:
    spots, starts = page.spots(opened.classes), starts_of(opened)
    words = opened.words

    def label(place: Place) -> str:
        return part_label(place) if place[0] == "outcomes" else whole_label(place, starts)

    data = {"seen": wordings.mark_of({one.place: words[one.place] for one in spots})}
    for spot in spots:
        dutch, english = shown(words[spot.place])
        data |= {WordsForm.name_of(spot, "nl"): dutch, WordsForm.name_of(spot, "en"): english}
    return words_form(spots, label)(request.form if request.method == "POST" else None, data=data)


def _edit_page(
    round_: Round,
    opened: Opened,
    page: Page,
    form: WordsForm,
    clash: Mapping[Place, Words] | None = None,
) -> str:
    spots = page.spots(opened.classes)
    here = {one.place for one in spots}
    typed = form.typed(spots)
    return render_template(
        "office/wording_edit.html",
        round_=round_,
        opened=opened,
        page=page,
        pages=PAGES,
        spots=spots,
        form=form,
        label=lambda place: whole_label(place, starts_of(opened)) if page.kind is None else part_label(place),
        faults=[one for one in wordings.faults_in(round_, opened) if one.place in here],
        key_of=key_of,
        fields=sorted(frozenset[str]().union(*(fields_at(one.place) for one in spots))),
        examples=examples(round_, definition_of(round_)),
        differing={place: said for place, said in (clash or {}).items() if said != typed[place]},
        clash=clash is not None,
    )


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("office.wording", slug=round_.slug), 303)
