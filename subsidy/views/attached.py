"""How the bytes of an attachment leave, for its collaboration, the office and the reviewers alike.

The file itself only as a download; its pages as pictures that a job drew. Who asks has been let in by the
view; what a virus scan found is looked at here.
"""

from flask import Response, abort, send_file

from subsidy.models import Application, Attachment
from subsidy.services import attachments, file_store, page_images
from subsidy.services.page_images import Reading

# A picture that is opened by itself may do nothing at all.
HARMLESS = "default-src 'none'; sandbox"


def find_attachment(application: Application, attachment_id: int, *, own: bool = False) -> Attachment:
    """Give a file of this application that may be given out; else there is no such page (404)."""
    found = attachments.find(application, attachment_id)
    if found is None or not attachments.readable(found, own=own):
        abort(404)
    return found


def download(found: Attachment, *, name: str | None = None) -> Response:
    """Send a file, to be saved and never to be shown inside a page; `name` goes before its own."""
    answer = send_file(
        file_store.path_of(found.sha256),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=name or found.file_name,
        etag=False,
        max_age=0,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def pages_of(found: Attachment) -> Reading:
    """Give what there is to read on screen; 404 for a kind of file that is not drawn."""
    if not page_images.can_be_drawn(found.media_type):
        abort(404)
    return page_images.reading_of(found)


def picture(found: Attachment, number: int) -> Response:
    """Send one drawn page; 404 when it was not drawn."""
    image = page_images.find_image(found, number)
    if image is None:
        abort(404)
    answer = send_file(
        file_store.path_of(image.image_sha256), mimetype=page_images.media_type_of(image), etag=False
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = HARMLESS
    return answer
