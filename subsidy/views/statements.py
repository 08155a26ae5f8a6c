"""Signed statements of partners, given out to the collaboration and to the office."""

from flask import Response, abort, send_file

from subsidy.models import Application
from subsidy.services import file_store, signatures


def statement_file(application: Application, signature_id: int, *, own: bool = False) -> Response:
    """Send a signed statement, byte for byte: as a download, never inside a page.

    404 when there is none, or one that the virus scan holds back.
    """
    found = signatures.find_statement(application, signature_id)
    if found is None or found.statement_sha256 is None or not signatures.statement_readable(found, own=own):
        abort(404)
    return send_file(
        file_store.path_of(found.statement_sha256),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=found.statement_name,
        etag=False,
        max_age=0,
    )
