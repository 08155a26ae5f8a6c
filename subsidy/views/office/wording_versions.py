"""The versions of the words of letters: who changed what and why, and putting an earlier one back."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from subsidy import clock
from subsidy.access import allowed, current_actor, id_in, requires
from subsidy.models import Round
from subsidy.services import wording_versions as service
from subsidy.services import wordings
from subsidy.services.wordings import WordingError
from subsidy.views.office import bp
from subsidy.views.office.wording import starts_of
from subsidy.wording.letter_words import wording_refusal
from workflows.letter_words import spots_of
from workflows.permissions import Can


@bp.get("/ronden/<slug>/briefteksten/versies", endpoint="wording_versions")
@requires(Can.WORDING_VIEW)
def index(round_: Round) -> ResponseReturnValue:
    """List the versions, newest first."""
    after = request.args.get("na", type=id_in)
    page = service.page_of(round_, after=after)
    in_force = wordings.find_in_force(round_.id)
    return render_template(
        "office/wording_versions.html",
        round_=round_,
        versions=page.versions,
        in_force=wordings.FIRST if in_force is None else in_force.version,
        first_url=url_for("office.wording_versions", slug=round_.slug) if after else None,
        next_url=url_for("office.wording_versions", slug=round_.slug, na=page.next_after)
        if page.next_after
        else None,
    )


@bp.get("/ronden/<slug>/briefteksten/versies/<int:version>", endpoint="wording_version")
@requires(Can.WORDING_VIEW)
def show(round_: Round, version: int) -> ResponseReturnValue:
    """Show one version: what it changed, and all its words."""
    try:
        opened = wordings.words_of(round_, version)
    except WordingError:
        abort(404)
    has_draft = wordings.find_draft(round_.id) is not None
    return render_template(
        "office/wording_version.html",
        round_=round_,
        opened=opened,
        first=version == wordings.FIRST,
        changes=service.changes_in(round_, opened),
        words=opened.words,
        spots=tuple(spots_of(opened.classes)),
        starts=starts_of(opened),
        can_put_back=not has_draft and wordings.may_change(round_) and allowed(Can.WORDING_EDIT),
    )


@bp.post("/ronden/<slug>/briefteksten/versies/<int:version>/terugzetten")
@requires(Can.WORDING_EDIT)
def put_wording_back(round_: Round, version: int) -> ResponseReturnValue:
    """Make an earlier version the draft of the next."""
    try:
        wordings.put_back(round_, version, actor=current_actor(), now=clock.now())
    except WordingError as error:
        if error.code == "unknown":
            abort(404)
        flash(wording_refusal(error.code), "warning")
    else:
        flash(_("These words are a draft now. Look at them, and publish them."), "success")
    return redirect(url_for("office.wording", slug=round_.slug), 303)
