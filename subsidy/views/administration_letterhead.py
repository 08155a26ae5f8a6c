"""The letterhead: who the office is on what it sends, and the signatures under its letters."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict

from forms.letterhead import LetterheadForm, SignaturePictureForm
from subsidy import clock
from subsidy.access import current_actor, id_in, requires
from subsidy.db import db
from subsidy.models import Letterhead, User
from subsidy.services import letterheads, signature_pictures
from subsidy.services.letterheads import LetterheadError, Wanted
from subsidy.services.pictures import PictureRefusedError
from subsidy.views.administration import bp
from subsidy.views.drawn_pictures import stored_picture
from subsidy.views.signature_placing import place_picture, take_picture_away
from subsidy.wording.pictures import letterhead_error, refused_picture
from workflows.permissions import Can

INVALID, CLASH = 422, 409


@bp.get("/briefhoofd")
@requires(Can.LETTERHEAD_EDIT)
def letterhead() -> ResponseReturnValue:
    """Show the letterhead in force, and ask for another."""
    now = letterheads.find_newest()
    return _page(LetterheadForm(data=_present(now)), now)


@bp.post("/briefhoofd")
@requires(Can.LETTERHEAD_EDIT)
def save_letterhead() -> ResponseReturnValue:
    """Put another letterhead in force for every letter from now on."""
    form = LetterheadForm(_sent())
    if not form.validate():
        return _page(form, letterheads.find_newest()), INVALID
    try:
        letterheads.save(_wanted(form), seen=_seen(form), actor=current_actor(), now=clock.now())
    except PictureRefusedError as error:
        form.logo.errors = [refused_picture(error.code, form.logo.data.filename or "")]
        return _page(form, letterheads.find_newest()), INVALID
    except LetterheadError as error:
        return _refused(form, error)
    flash(_("The letterhead is saved. It stands on every letter that is made from now on."), "success")
    return redirect(url_for("administration.letterhead"), 303)


@bp.get("/briefhoofd/versies")
@requires(Can.LETTERHEAD_EDIT)
def letterhead_versions() -> ResponseReturnValue:
    """List the letterheads that there were, the newest first."""
    after = request.args.get("na", type=id_in)
    page = letterheads.find_page(after=after)
    return render_template(
        "administration/letterhead_versions.html",
        versions=page.versions,
        first_url=url_for("administration.letterhead_versions") if after else None,
        next_url=url_for("administration.letterhead_versions", na=page.more) if page.more else None,
    )


@bp.get("/briefhoofd/<int:letterhead_id>/logo")
@requires(Can.LETTERHEAD_EDIT)
def letterhead_logo(letterhead_id: int) -> ResponseReturnValue:
    """Show the logo of a letterhead."""
    found = db.session.get(Letterhead, letterhead_id)
    if found is None or found.logo_sha256 is None:
        abort(404)
    return stored_picture(found.logo_sha256)


@bp.get("/handtekeningen")
@requires(Can.LETTERHEAD_EDIT)
def signatures() -> ResponseReturnValue:
    """List who signs letters, with the pictures of their signatures."""
    after = request.args.get("na", type=id_in)
    page = signature_pictures.find_page(today=clock.today(), after=after)
    return render_template(
        "administration/signatures.html",
        holders=page.holders,
        first_url=url_for("administration.signatures") if after else None,
        next_url=url_for("administration.signatures", na=page.more) if page.more else None,
    )


@bp.route("/handtekeningen/<int:user_id>", methods=["GET", "POST"])
@requires(Can.LETTERHEAD_EDIT)
def signature(user: User) -> ResponseReturnValue:
    """Show the picture of somebody's signature, and take another."""
    signs = signature_pictures.signs_letters(user.id, today=clock.today())
    if not signs and signature_pictures.find(user.id) is None:
        abort(404)
    form = SignaturePictureForm(_sent() if request.method == "POST" else None)
    if request.method == "POST" and signs and place_picture(form, user):
        return redirect(url_for("administration.signature", user_id=user.id), 303)
    page = render_template(
        "administration/signature.html",
        user=user,
        form=form,
        signs=signs,
        picture=signature_pictures.find(user.id),
    )
    return page, 200 if request.method == "GET" else INVALID


@bp.post("/handtekeningen/<int:user_id>/weghalen")
@requires(Can.LETTERHEAD_EDIT)
def take_signature_away(user: User) -> ResponseReturnValue:
    """Print no picture of this signature any more."""
    take_picture_away(user)
    return redirect(url_for("administration.signatures"), 303)


@bp.get("/handtekeningen/<int:user_id>/beeld")
@requires(Can.LETTERHEAD_EDIT)
def signature_picture(user: User) -> ResponseReturnValue:
    """Show the picture itself."""
    found = signature_pictures.find(user.id)
    if found is None:
        abort(404)
    return stored_picture(found.sha256)


def _sent() -> CombinedMultiDict[str, Any]:
    return CombinedMultiDict([request.files, request.form])


def _present(now: Letterhead | None) -> dict[str, str]:
    """Give what the form begins with: the letterhead in force, else the settings of the installation."""
    settings = current_app.config["SETTINGS"]
    if now is None:
        return {
            "seen": "",
            "name": settings.office_name,
            "address": "\n".join(settings.office_address),
            "email": settings.office_email,
            "phone": settings.office_phone,
        }
    fields = ("name", "address", "email", "phone", "website", "logo_text")
    return {"seen": str(now.id), **{name: getattr(now, name) for name in fields}}


def _seen(form: LetterheadForm) -> int | None:
    text = form.seen.data or ""
    try:
        return id_in(text) if text else None
    except ValueError:
        return 0  # no version has it, so it is one that changed meanwhile


def _wanted(form: LetterheadForm) -> Wanted:
    return Wanted(
        name=form.name.data or "",
        address=form.address.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
        website=form.website.data or "",
        logo=form.logo.data.stream if form.logo.data else None,
        without_logo=form.without_logo.data,
        logo_text=form.logo_text.data or "",
    )


def _refused(form: LetterheadForm, error: LetterheadError) -> ResponseReturnValue:
    """Say why a letterhead is not taken; who saves again after a clash has seen the newest."""
    now = letterheads.find_newest()
    if error.code == "logo_without_text":
        form.logo_text.errors = [letterhead_error(error.code)]
        return _page(form, now), INVALID
    form.form_errors.append(letterhead_error(error.code))
    form.seen.data = "" if now is None else str(now.id)
    return _page(form, now), CLASH


def _page(form: LetterheadForm, now: Letterhead | None) -> str:
    return render_template("administration/letterhead.html", form=form, letterhead=now)
