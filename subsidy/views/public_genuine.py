"""Is this letter genuine? For whoever holds one: an answer without names, amounts, or whose it is.

A script asks with `Accept: application/json` at /echt/CODE or /echt/SHA-256, and gets `genuine` (true or
false) and, when it is true, `authority` and `dated`.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict

from forms.verifying import CODE, FILE, CodeForm, LetterFileForm
from subsidy import clock
from subsidy.access import requires, wants_json
from subsidy.services import verifying
from subsidy.services.throttle import TooManyAttemptsError
from subsidy.views.public import INVALID, TOO_MANY, bp
from subsidy.wording.files import refused_file
from workflows.permissions import Can

DIGEST = re.compile(r"[0-9a-f]{64}")


@bp.get("/echt")
@requires(Can.LETTER_VERIFY)
def genuine() -> ResponseReturnValue:
    """Ask for the code of a letter, or for its file."""
    return _page()


@bp.post("/echt")
@requires(Can.LETTER_VERIFY)
def check_code() -> ResponseReturnValue:
    """Say whether a letter with the code that somebody typed was sent."""
    return _of_code(CodeForm(request.form))


@bp.get("/echt/<asked>")
@requires(Can.LETTER_VERIFY, writes=True)
def genuine_one(asked: str) -> ResponseReturnValue:
    """Say the same for the code in a QR code, or for the SHA-256 of a file; the attempt is counted."""
    if DIGEST.fullmatch(asked):
        return _answer(FILE, lambda: _find(verifying.find_by_digest, asked))
    return _of_code(CodeForm(data={"code": asked}))


@bp.post("/echt/bestand")
@requires(Can.LETTER_VERIFY)
def check_file() -> ResponseReturnValue:
    """Say whether exactly this file was sent; it is read in pieces and not kept."""
    sent: CombinedMultiDict[str, Any] = CombinedMultiDict([request.files, request.form])
    form = LetterFileForm(sent)
    if not form.validate():
        return _page(file_form=form, status=INVALID)
    file, most = form.file.data, most_bytes()
    if file.stream.seek(0, 2) > most:
        form.file.errors = [refused_file("too_large", {"most": most}, file.filename)]
        return _page(file_form=form, status=INVALID)
    digest = verifying.digest_of(file.stream)
    return _answer(FILE, lambda: _find(verifying.find_by_digest, digest), file_form=form)


def most_bytes() -> int:
    """Give how large a file may be here."""
    most: int = current_app.config["SETTINGS"].max_upload_bytes
    return most


def _of_code(form: CodeForm) -> Response:
    if not form.validate():
        return _page(code_form=form, status=INVALID)
    return _answer(CODE, lambda: _find(verifying.find_by_code, form.read()), code_form=form)


def _find(find: Callable[..., date | None], asked: str) -> date | None:
    return find(asked, machine=request.remote_addr or "", now=clock.now())


def _answer(by: str, find: Callable[[], date | None], **forms: CodeForm | LetterFileForm) -> Response:
    try:
        dated = find()
    except TooManyAttemptsError as error:
        for form in forms.values():
            wait = _("Too many attempts. Try again in %(seconds)s seconds.", seconds=error.seconds)
            form.form_errors.append(wait)
        answer = _page(**forms, status=TOO_MANY)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    return _page(**forms, by=by, dated=dated)


def _page(
    *,
    code_form: CodeForm | None = None,
    file_form: LetterFileForm | None = None,
    by: str = "",
    dated: date | None = None,
    status: int = 200,
) -> Response:
    """Answer with the page, or to a script with what it says; `by` is what was asked with, "" for nothing."""
    authority = current_app.config["SETTINGS"].deciding_authority
    if wants_json():
        found = {"authority": authority, "dated": dated.isoformat()} if dated else {}
        answer = jsonify({"genuine": dated is not None, **found} if by else {"state": "failed"})
    else:
        page = render_template(
            "public/genuine.html",
            code_form=code_form or CodeForm(),
            file_form=file_form or LetterFileForm(),
            by=by,
            dated=dated,
            authority=authority,
        )
        answer = make_response(page)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
