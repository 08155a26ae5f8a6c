"""One writer at a time: who holds an application alone changes it until the transaction ends."""

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from subsidy.db import db
from subsidy.models import Application


class GoneError(Exception):
    """The draft was thrown away in the meantime."""


def lock(application: Application) -> None:
    """Take the row and see it as it is now, with everything below it; GoneError when it is not there."""
    db.session.flush()
    round_ = application.round
    query = select(Application).where(Application.id == application.id).with_for_update(key_share=True)
    db.session.expire(application)
    if db.session.scalars(query).one_or_none() is None:
        raise GoneError
    set_committed_value(application, "round", round_)  # it stays in its round, which need not be read again
