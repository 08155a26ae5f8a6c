"""Deliberate damage: what no code of ours can do, because triggers refuse it, done past the triggers."""

from pathlib import Path

from sqlalchemy import text

from subsidy.db import db
from subsidy.services import file_store

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name",
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass) AND NOT tgisinternal"
    ),
}


def past_the_triggers(table: str, statement: str, **values: object) -> None:
    """Run a statement on a table with its triggers out of the way."""
    dialect = db.engine.dialect.name
    for name in db.session.scalars(text(TRIGGERS[dialect]), {"name": table}).all():
        db.session.execute(text(f"DROP TRIGGER {name}{f' ON {table}' if dialect == 'postgresql' else ''}"))
    db.session.execute(text(statement), values)
    db.session.flush()
    db.session.expire_all()


def damage_file(sha256: str) -> Path:
    """Change the stored bytes under a digest."""
    path = file_store.path_of(sha256)
    path.write_bytes(path.read_bytes() + b"%")
    return path
