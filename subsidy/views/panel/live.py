"""Seeing each other's changes: a page asks whether the meeting changed, and then fetches what it shows.

Asking is one read by primary key. A page gets a proof that its person may see the meeting, bound to their
session; with it nobody has to be looked up again for a bare number. What changed is fetched by pages that ask
the policy as always, so who left the room for a file gets nothing of it.
"""

import json
from collections.abc import Callable

from flask import Response, current_app, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from subsidy.access import id_in, public
from subsidy.models import Meeting
from subsidy.services import meetings
from subsidy.views.panel import bp

CHANGED = json.dumps({"meeting-changed": {"target": "body"}})
LONGEST_MEETING = 24 * 3600  # seconds
LOGGED_IN = "_user_id"


@bp.get("/vergaderingen/<int:number>/stand")
@public
def standing(number: int) -> ResponseReturnValue:
    """Tell whether a meeting changed since the version that a page shows: 204, or where to ask next."""
    proof = request.args.get("bewijs", "")
    if not _proves(proof, number):
        return render_template("panel/_follow.html", url=None)
    version = meetings.version_of(number)
    if version is None or version == request.args.get("versie", type=id_in):
        return Response(status=204)
    url = url_for("panel.standing", number=number, versie=version, bewijs=proof)
    return Response(render_template("panel/_follow.html", url=url), headers={"HX-Trigger": CHANGED})


@bp.context_processor
def _following() -> dict[str, Callable[[Meeting], str]]:
    return {"follow_url": follow_url}


def follow_url(meeting: Meeting) -> str:
    """Give where a page of this meeting asks whether something changed since it was made."""
    proof = _serializer().dumps(meeting.id)
    return url_for("panel.standing", number=meeting.id, versie=meeting.version, bewijs=proof)


def _proves(proof: str, number: int) -> bool:
    try:
        return bool(_serializer().loads(proof, max_age=LONGEST_MEETING) == number)
    except BadSignature:
        return False


def _serializer() -> URLSafeTimedSerializer:
    """Sign for this session alone: the proof of somebody else is none."""
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=f"meeting:{session.get(LOGGED_IN)}")
