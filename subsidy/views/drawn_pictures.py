"""How a picture of the file store leaves, to be shown within a page."""

from flask import Response, send_file

from subsidy.services import file_store
from subsidy.services.media_types import PNG
from subsidy.views.attached import HARMLESS


def stored_picture(sha256: str) -> Response:
    """Send a picture that was drawn anew (see `services/pictures`); opened by itself it may do nothing."""
    answer = send_file(file_store.path_of(sha256), mimetype=PNG.name, etag=False)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = HARMLESS
    return answer
