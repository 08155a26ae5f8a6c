"""How a stored PDF leaves: byte for byte, under its digest, and never kept by a browser or a proxy."""

from flask import Response, send_file

from subsidy.services import file_store


def stored_pdf(digest: str, name: str, *, save: bool) -> Response:
    """Send a PDF by its SHA-256; `save` makes the browser save it as `name` instead of showing it."""
    answer = send_file(
        file_store.path_of(digest),
        mimetype="application/pdf",
        as_attachment=save,
        download_name=name,
        etag=False,
        max_age=0,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-SHA256"] = digest
    return answer
