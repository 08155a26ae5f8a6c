"""Placing the picture of a signature and taking it away, for its owner and for an administrator alike."""

from flask import flash
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from forms.letterhead import SignaturePictureForm
from subsidy import clock
from subsidy.access import current_actor
from subsidy.models import User
from subsidy.services import signature_pictures
from subsidy.services.pictures import PictureRefusedError
from subsidy.wording.pictures import refused_picture


def place_picture(form: SignaturePictureForm, user: User) -> bool:
    """Keep the picture that was sent; false when it is refused, which the form then says."""
    if not form.validate():
        return False
    file: FileStorage = form.picture.data
    try:
        signature_pictures.place(user, file.stream, actor=current_actor(), now=clock.now())
    except PictureRefusedError as error:
        form.picture.errors = [refused_picture(error.code, file.filename or "")]
        return False
    flash(_("The picture is saved. It stands on the letters that are made from now on."), "success")
    return True


def take_picture_away(user: User) -> None:
    """Take a picture away, and say so."""
    if signature_pictures.take_away(user, actor=current_actor(), now=clock.now()):
        flash(_("The picture is taken away. It no longer stands on new letters."), "success")
    else:
        flash(_("There was no picture any more."), "info")
