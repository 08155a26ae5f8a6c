"""People of the committee and the office who reported their interests before they look."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Round, RoundDeclaration, User
from tests.factories import declare, make_user
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]


def declared_first(log_in: LogIn) -> LogIn:
    """Let whoever logs in declare in every round that is there."""

    def log_in_declared(who: User | Role) -> FlaskClient:
        user = make_user(role=who) if isinstance(who, Role) else who
        for round_ in db.session.scalars(select(Round)).all():
            if db.session.get(RoundDeclaration, {"round_id": round_.id, "user_id": user.id}) is None:
                declare(user, round_)
        return log_in(user)

    return log_in_declared
