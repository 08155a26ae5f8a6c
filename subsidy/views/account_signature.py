"""The picture of one's own signature, for who signs letters under a mandate."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from forms.letterhead import SignaturePictureForm
from subsidy import clock
from subsidy.access import requires
from subsidy.models import User
from subsidy.services import signature_pictures
from subsidy.views.account import bp
from subsidy.views.drawn_pictures import stored_picture
from subsidy.views.signature_placing import place_picture, take_picture_away
from workflows.permissions import Can

INVALID = 422


@bp.route("/handtekening", methods=["GET", "POST"])
@requires(Can.ACCOUNT_MANAGE_OWN)
def signature() -> ResponseReturnValue:
    """Show the picture of one's own signature, and take another from who signs letters."""
    user = _me()
    signs = signature_pictures.signs_letters(user.id, today=clock.today())
    sent: CombinedMultiDict[str, Any] = CombinedMultiDict([request.files, request.form])
    form = SignaturePictureForm(sent if request.method == "POST" else None)
    if request.method == "POST" and signs and place_picture(form, user):
        return redirect(url_for("account.signature"), 303)
    page = render_template(
        "account/signature.html", form=form, signs=signs, picture=signature_pictures.find(user.id)
    )
    return page, 200 if request.method == "GET" else INVALID


@bp.post("/handtekening/weghalen")
@requires(Can.ACCOUNT_MANAGE_OWN)
def take_signature_away() -> ResponseReturnValue:
    """Print no picture of one's own signature any more."""
    take_picture_away(_me())
    return redirect(url_for("account.profile"), 303)


@bp.get("/handtekening/beeld")
@requires(Can.ACCOUNT_MANAGE_OWN)
def signature_picture() -> ResponseReturnValue:
    """Show the picture itself."""
    found = signature_pictures.find(_me().id)
    if found is None:
        abort(404)
    return stored_picture(found.sha256)


def _me() -> User:
    user: User = current_user._get_current_object()  # noqa: SLF001  # the account, not its proxy
    return user
