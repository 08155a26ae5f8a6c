"""Pages for everyone, without an account."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from subsidy.access import requires
from subsidy.db import db
from subsidy.models import Round
from workflows.permissions import Can
from workflows.states import RoundState

bp = Blueprint("public", __name__)


@bp.get("/")
@requires(Can.ROUND_LIST_PUBLIC)
def index() -> ResponseReturnValue:
    """List the rounds that were published, the newest first."""
    query = select(Round).where(Round.state != RoundState.DRAFT).order_by(Round.opens_at.desc(), Round.id)
    return render_template("public/index.html", rounds=db.session.scalars(query).all())
