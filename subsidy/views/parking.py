"""A form that came without a session: it waits while its writer logs in, and comes back unsaved.

Without scripts a save is the only moment at which an ended session shows, and by then the text has left
the page. So the text is parked, and the way through the log-in page leads back to it. Only for a form
of this site, and only in the browser that sent it: else somebody could put words in the form of another.
"""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, generate_csrf

from subsidy import clock, errors
from subsidy.access import current_actor, log_in_first, wants_json
from subsidy.db import db
from subsidy.services import parked
from subsidy.services.parked import NotParkedError
from subsidy.services.throttle import TooManyAttemptsError
from subsidy.views.unsaved import PARKED, parked_here, typed_now

SAVES = {"applicant.answer_hearing", "applicant.save_rebuttal", "applicant.save_section", "reviewer.save"}


def watch(bp: Blueprint) -> None:
    """Let the forms of these pages wait when their session ended."""
    bp.register_error_handler(CSRFError, token_refused)


def token_refused(error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose mark is not that of the session: it ended, or another one began.

    A script gets the mark of the session that there is now, with its person, and decides what to do.
    """
    if wants_json():
        person = current_actor().user_id
        if person is None:
            return log_in_first()
        return jsonify(state="token", token=generate_csrf(), person=person), 400
    if request.endpoint not in SAVES or not _from_this_site():
        return errors.page(error)
    return park_form()


def park_form() -> ResponseReturnValue:
    """Let the form that was sent wait, and lead to its page, through the log-in page for nobody."""
    try:
        secret = parked.park(request.path, typed_now(), machine=request.remote_addr or "", now=clock.now())
    except (NotParkedError, TooManyAttemptsError):
        return errors.page(CSRFError())  # it shows the text, to copy
    db.session.commit()
    back = f"{request.path}?{PARKED}={secret}"
    if current_actor().user_id is None:
        flash(
            _("You were logged out. Log in again: your text is kept, and comes back with the page."),
            "warning",
        )
        back = url_for("account.login", next=back)
    answer = make_response(redirect(back, 303))
    # Not in the session: logging in begins a new one.
    answer.set_cookie(
        parked_here(secret),
        "1",
        max_age=parked.WAITS,
        path=request.path,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _from_this_site() -> bool:
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
