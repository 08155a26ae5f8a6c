"""What a person sees when something cannot be: a page that says what to do, and nothing was changed."""

import logging
from urllib.parse import urlsplit

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from werkzeug.exceptions import (
    Conflict,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
)

from subsidy.access import wants_json
from subsidy.db import db, reading
from subsidy.services.advance import NotAllowedError
from subsidy.services.holding import GoneError
from subsidy.wording.labels import error_text
from workflows.machine import TransitionError

log = logging.getLogger("subsidy.errors")

PAGES = {400, 403, 404, 405, 409, 413, 429, 500, 503}
# These pages ask nothing of the database, because it may be what failed.
BARE = {500, 503}
# What the triggers say that keep a closed round as it is (migration 0006).
CLOSED = "a closed round changes by new decisions alone"
# Fields with a password, the present one and a new one: never shown.
SECRET = {"current", "password"}


def init_app(app: Flask) -> None:
    """Give every failure its page."""
    app.register_error_handler(HTTPException, page)
    app.register_error_handler(TransitionError, overtaken)
    app.register_error_handler(NotAllowedError, refused)
    app.register_error_handler(GoneError, gone)
    app.register_error_handler(OperationalError, away)
    app.register_error_handler(SQLAlchemyError, broken)


def page(error: HTTPException) -> ResponseReturnValue:
    """The page of a status; its transaction is rolled back first. A script gets JSON without words."""
    if error.response is not None:
        return error.response
    if wants_json():
        _roll_back()
        return jsonify(state="failed"), error.code or 500
    code = error.code if error.code in PAGES else (500 if (error.code or 500) >= 500 else 400)  # noqa: PLR2004
    _roll_back()
    if code in BARE:
        # Flask-Login would load the person for the page, from the database that may be what failed.
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        with reading():  # who this is; on SQLite that must not wait for a writer
            return render_template(f"errors/{code}.html", error=error, typed=_typed(error)), error.code or 500
    except OperationalError as failed:  # a page with a menu asks who this is
        return away(failed)


def overtaken(error: TransitionError) -> ResponseReturnValue:
    """A step that no longer fits: somebody was ahead, or a button was pressed twice."""
    return page(Conflict(error_text(error.code, error.params)))


def refused(_error: NotAllowedError) -> ResponseReturnValue:
    """The policy said no at the last moment: a right or a conflict changed in between."""
    return page(Forbidden())


def gone(_error: GoneError) -> ResponseReturnValue:
    """Somebody threw it away between opening and saving."""
    return page(NotFound())


def away(error: SQLAlchemyError) -> ResponseReturnValue:
    """The database does not answer, stays locked or has no connection left: nothing was changed."""
    log.error("%s %s: %s", request.method, request.path, error)
    return page(ServiceUnavailable())


def broken(error: SQLAlchemyError) -> ResponseReturnValue:
    """A rule of the database refused what the program tried: a fault of ours, never a success.

    But for a round that was closed while somebody still worked in it: they hear so.
    """
    if isinstance(error, NoConnectionError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return away(error)
    if CLOSED in str(getattr(error, "orig", "")):
        return page(Conflict(error_text("round_closed")))
    if current_app.testing:
        raise error
    log.error("%s %s: %s", request.method, request.path, error, exc_info=error)
    return page(InternalServerError())


def _typed(error: HTTPException) -> list[str]:
    """The texts in a form whose session has ended: nothing was stored, so they can at least be copied.

    Only for a form of this site: another one could put words here. Passwords and marks are left out.
    """
    if not isinstance(error, CSRFError) or urlsplit(request.headers.get("Origin", "")).netloc != request.host:
        return []
    return [
        text for name, text in request.form.items(multi=True) if " " in text.strip() and name not in SECRET
    ]


def _roll_back() -> None:
    try:
        db.session.rollback()
    except SQLAlchemyError as error:
        log.warning("rollback failed: %s", error)
