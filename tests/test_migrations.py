"""A database with data in it goes on: what stood there from before still means the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Boolean, Date, DateTime, Integer, MetaData, Numeric, insert, select
from sqlalchemy.exc import IntegrityError

from subsidy.app import create_app
from subsidy.db import db
from tests.conftest import new_database, settings_for

MOMENT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
BEFORE = "0002"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application whose database is as it was before."""
    with new_database(tmp_path) as url:
        made = create_app(settings_for(tmp_path, url))
        with made.app_context():
            upgrade(revision=BEFORE)
            yield made
            db.session.remove()
            db.engine.dispose()


def rows(name: str) -> list[dict[str, Any]]:
    """Read a table as it is now."""
    tables = MetaData()
    tables.reflect(db.engine, only=[name])
    table = tables.tables[name]
    with db.engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table).order_by(table.c.id))]


class Past:
    """Puts rows in tables as they were: what is needed and not given gets some value."""

    def __init__(self) -> None:
        self.tables = MetaData()
        self.tables.reflect(db.engine)

    def add(self, name: str, /, **values: Any) -> Any:
        table = self.tables.tables[name]
        some = {
            column.name: self.some(column.type)
            for column in table.columns
            if not (column.nullable or column.primary_key or column.server_default or column.name in values)
        }
        with db.engine.begin() as connection:
            done = connection.execute(insert(table).values(**some, **values))
        return next(iter(done.inserted_primary_key or ()))

    def some(self, kind: Any) -> Any:
        values = {Boolean: False, Integer: 1, Numeric: 1, DateTime: MOMENT, Date: date(2026, 3, 10)}
        return next((value for type_, value in values.items() if isinstance(kind, type_)), "{}")


@pytest.mark.slow
def test_people_organisations_and_files_come_along(app: Flask) -> None:
    past = Past()
    leader, helper = (past.add("user_account", email=f"{name}@demo.example") for name in ("a", "b"))
    past.add("reference_version", version="{}")
    round_id = past.add("round", slug="netwerk-1", closes_at=MOMENT.replace(month=5))
    file_id = past.add("application", round_id=round_id)
    for user_id, capacity in ((leader, "sign"), (helper, "edit")):
        past.add("membership", application_id=file_id, user_id=user_id, capacity=capacity)
    for position in (0, 1):
        past.add("participation", application_id=file_id, position=position, name=f"Partner {position}")
    past.add("stored_file", sha256="ab" * 32)
    past.add("attachment", application_id=file_id, sha256="ab" * 32)
    past.add("budget_line", application_id=file_id, position=0, description="Inzet", amount_cents=100)

    upgrade()

    assert [one["capacity"] for one in rows("membership")] == ["lead", "edit"]
    parties = rows("participation")
    assert [one["name"] for one in parties] == ["Partner 0", "Partner 1"]
    assert len({one["key"] for one in parties} - {""}) == 2
    assert [one["scan"] for one in rows("attachment")] == ["unscanned"]
    assert rows("application")[0]["set_aside"] in ({}, "{}")
    assert len(rows("budget_line")) == 1
    with pytest.raises(IntegrityError):  # what held before holds on
        Past().add("membership", application_id=file_id, user_id=leader, capacity="view")

    later = Past()
    later.add(
        "membership",
        application_id=file_id,
        user_id=later.add("user_account", email="c@demo.example"),
        capacity="sign",
    )
    downgrade(revision=BEFORE)
    assert [one["capacity"] for one in rows("membership")] == ["sign", "edit", "edit"]
    assert len(rows("participation")) == 2
    upgrade()
    assert [one["capacity"] for one in rows("membership")] == ["lead", "edit", "edit"]


def test_interests_and_reviewers_come_along(app: Flask) -> None:
    upgrade(revision="0004")
    past = Past()
    asked, barred = (past.add("user_account", email=f"{name}@demo.example", name=name) for name in ("a", "b"))
    past.add("reference_version", version="{}")
    round_id = past.add("round", slug="netwerk-1", closes_at=MOMENT.replace(month=5))
    files = [past.add("application", round_id=round_id) for _ in range(2)]
    for file_id in files:
        past.add("review", application_id=file_id, reviewer="referent-1", reviewer_id=asked)
    past.add(
        "review",
        application_id=files[0],
        reviewer="referent-2",
        reviewer_id=barred,
        conflict="Toezichthouder bij een partner",
        conflict_measure="Geen advies",
    )
    past.add("review", application_id=files[1], reviewer="referent-9", conflict="Uit een bestand")

    upgrade()

    (interest,) = rows("interest")
    assert (interest["application_id"], interest["user_id"]) == (files[0], barred)
    assert (interest["nature"], interest["measure"]) == ("Toezichthouder bij een partner", "Geen advies")
    assert interest["decision"] is None
    # Nobody declared secrecy yet: who reviewed is asked, and answers before reading on.
    assert [(one["user_id"], one["email"], one["answer"]) for one in rows("round_reviewer")] == [
        (asked, "a@demo.example", None),
        (barred, "b@demo.example", None),
    ]
    downgrade(revision="0004")
    assert [one["conflict"] for one in rows("review")].count(None) == 2
