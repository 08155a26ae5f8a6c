"""Deny by default: every view says what it needs, and a view that says nothing is refused.

`@requires(Can.X)` asks the policy before the view runs. A view whose address names a thing gets the thing
itself: `<int:application_id>` arrives as `application`, `<slug>` as `round_`, `<int:review_id>` as `review`,
`<int:user_id>` as `user`, `<int:meeting_id>` as `meeting`, `<int:interest_id>` as `interest`.
What a person may not see does not exist for them (404); what a role cannot do at all is forbidden (403).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec

from flask import abort, current_app, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, selectinload
from werkzeug.routing import IntegerConverter, Map

from subsidy import clock
from subsidy.db import db
from subsidy.models import Application, Interest, Meeting, Review, Round, User
from subsidy.services import standing
from subsidy.services.grants import actor_of
from workflows.permissions import ANONYMOUS, DOOR, Actor, Can, Target, may

# The largest id that a row can have on either database.
LAST_ID = 2**31 - 1

P = ParamSpec("P")
View = Callable[..., ResponseReturnValue]


class IdConverter(IntegerConverter):
    """An id in an address; for a number that no row can have there is no page, and no query."""

    def __init__(self, map: Map) -> None:  # noqa: A002  # as its parent names it
        super().__init__(map, max=LAST_ID)


def id_in(text: str) -> int:
    """Read an id from a query or a form; ValueError for what no row can have."""
    number = int(text)
    if not 0 <= number <= LAST_ID:
        raise ValueError(text)
    return number


def current_actor() -> Actor:
    """Who makes this request; read once."""
    if "actor" not in g:
        g.actor = actor_of(current_user) if current_user.is_authenticated else ANONYMOUS
    actor: Actor = g.actor
    return actor


def public(view: View) -> View:
    """Mark a view that everyone may see."""
    view.guard = None  # type: ignore[attr-defined]
    return view


def requires(
    can: Can,
    *,
    writes: bool = False,
    nobody: Callable[[], ResponseReturnValue] | None = None,
    first: Callable[[Any, Target], ResponseReturnValue | None] | None = None,
) -> Callable[[View], View]:
    """Ask the policy before the view runs; `writes` marks a GET that records something (reading a letter).

    `nobody` answers who is not logged in, in the place of the way to the log-in page. `first` gets what the
    address names, and may lead who is refused to what opens the page (declaring interests).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            actor = current_actor()
            things, target = _load(actor, arguments)
            if not may(actor, can, target):
                if nobody is not None and actor.user_id is None:
                    return nobody()
                way = first(things[0], target) if first is not None and things else None
                return way or _refuse(actor, specific=bool(things))
            g.target = target
            return view(**arguments)

        guarded.guard = can  # type: ignore[attr-defined]
        guarded.writes = writes  # type: ignore[attr-defined]
        return guarded

    return decorate


def allowed(can: Can, target: Target | None = None) -> bool:
    """Whether the current person may do this to what the page is about; for showing a button or not."""
    return may(current_actor(), can, target or g.get("target") or door())


# Put together once: building a query costs about as much as running it. Not joinedload for what is
# locked later: a refresh with a lock would repeat its outer join, which PostgreSQL refuses.
FILE = (
    select(Application)
    .join(Application.round)
    .outerjoin(Application.supplement)
    .options(contains_eager(Application.round), contains_eager(Application.supplement))
    .where(Application.id == bindparam("key"))
)
REVIEW = (
    select(Review)
    .join(Review.application)
    .join(Application.round)
    .options(contains_eager(Review.application).contains_eager(Application.round))
    .where(Review.id == bindparam("key"))
)
MEETING = (
    select(Meeting)
    .join(Meeting.round)
    .options(contains_eager(Meeting.round))
    .where(Meeting.id == bindparam("key"))
)
INTEREST = (
    select(Interest)
    .join(Interest.application)
    .join(Application.round)
    .options(contains_eager(Interest.application).contains_eager(Application.round))
    .where(Interest.id == bindparam("key"))
)
ROUND = select(Round).where(Round.slug == bindparam("key"))
PERSON = select(User).options(selectinload(User.grants)).where(User.id == bindparam("key"))


def _load(  # noqa: PLR0911  # one way out for each kind of thing
    actor: Actor, arguments: dict[str, Any]
) -> tuple[list[object], Target]:
    """Replace identifiers in the address by the things themselves; 404 when there is no such thing."""
    now = clock.now()
    meeting: Meeting | None = None
    if "meeting_id" in arguments:
        meeting = _one(MEETING, arguments.pop("meeting_id"))
        arguments["meeting"] = meeting
    if "application_id" in arguments:
        application: Application = _one(FILE, arguments.pop("application_id"))
        if meeting is not None and application.round_id != meeting.round_id:
            abort(404)
        arguments["application"] = application
        return [application], standing.to_application(actor, application, now=now)
    if meeting is not None:
        return [meeting], standing.to_round(actor, meeting.round, now=now)
    if "interest_id" in arguments:
        interest: Interest = _one(INTEREST, arguments.pop("interest_id"))
        arguments["interest"] = interest
        target = standing.to_application(actor, interest.application, now=now)
        return [interest], replace(target, owner_id=interest.user_id)
    if "review_id" in arguments:
        review: Review = _one(REVIEW, arguments.pop("review_id"))
        if actor.user_id is not None and review.reviewer_id != actor.user_id:
            abort(404)
        arguments["review"] = review
        return [review], standing.to_application(actor, review.application, now=now)
    if "slug" in arguments:
        round_: Round = _one(ROUND, arguments.pop("slug"))
        arguments["round_"] = round_
        return [round_], standing.to_round(actor, round_, now=now)
    if "user_id" in arguments:
        user: User = _one(PERSON, arguments.pop("user_id"))
        arguments["user"] = user
        return [user], replace(door(), owner_id=user.id)
    return [], door()


def door() -> Target:
    """An entrance page of this installation."""
    return replace(DOOR, development=current_app.config["SETTINGS"].mail_to_files)


def _one(query: Select[Any], key: int | str) -> Any:
    found = db.session.scalars(query, {"key": key}).one_or_none()
    if found is None:
        abort(404)
    return found


def wants_json() -> bool:
    """Whether a script asks, which cannot read a page."""
    return request.accept_mimetypes.best == "application/json"


def log_in_first() -> ResponseReturnValue:
    """Tell a script that nobody is logged in, and where to do so."""
    return jsonify(state="login", url=url_for("account.login")), 401


def _refuse(actor: Actor, *, specific: bool) -> ResponseReturnValue:
    if actor.user_id is None:
        if wants_json():
            return log_in_first()
        return redirect(url_for("account.login", next=request.full_path.rstrip("?")))
    return abort(404 if specific else 403)
