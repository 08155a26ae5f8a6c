"""A newer version of the municipalities comes in whole, and old rounds keep their own."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from subsidy.data import FOLDER
from subsidy.db import db
from subsidy.models import MunicipalityRow, ReferenceVersion, Round
from subsidy.services import reference
from tests.services.files import DEMO

Run = Callable[..., Result]
Rows = list[dict[str, str]]


@pytest.fixture
def run(app: Flask) -> Run:
    """Give a function that runs the program with arguments."""
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=[str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture
def packaged() -> Rows:
    """Give the packaged rows; yours to change."""
    return list(csv.DictReader(io.StringIO((FOLDER / "municipalities.csv").read_text(encoding="utf-8"))))


def write(path: Path, rows: Rows, columns: list[str] | None = None) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_newer_version_becomes_active_and_rounds_keep_theirs(
    run: Run, packaged: Rows, tmp_path: Path
) -> None:
    assert run("round", "import", DEMO).exit_code == 0
    rows = [row for row in packaged if row["code"] != "GM0448"]
    for row in rows:
        row["former"] = "GM0448" if row["code"] == "GM0400" else ""
    result = run(
        "regions", "import", write(tmp_path / "2030-01-01.csv", rows), "--population-date", "2029-01-01"
    )
    assert (result.exit_code, result.stdout.split("\t")[:2]) == (0, ["2030-01-01", "341"])
    assert reference.active_version() == "2030-01-01"
    newer = reference.reference_of("2030-01-01")
    assert newer.resolve("GM0448") == "GM0400"
    # A code that ended long ago still leads on.
    assert newer.resolve("GM0003") == "GM1979"
    round_ = db.session.scalars(select(Round)).one()
    assert round_.reference_version == "2025-01-01"
    assert reference.reference_of(round_.reference_version).resolve("GM0448") == "GM0448"
    listed = [line.split("\t")[:3] for line in run("regions", "list").stdout.splitlines()]
    assert listed == [["-", "2025-01-01", "2023-01-01"], ["*", "2030-01-01", "2029-01-01"]]


def test_every_fault_is_told_and_nothing_is_stored(run: Run, packaged: Rows, tmp_path: Path) -> None:
    for row in packaged:
        row["former"] = ""
    packaged[0]["code"] = "GM34"
    packaged[1]["inhabitants"] = "-1"
    packaged[2] |= {"name": "x" * 101, "former": "GM0001 GM0014 x"}
    packaged[3]["code"] = packaged[4]["code"]
    packaged[-1]["ggd"] = "Een andere naam"
    packaged[6]["inhabitants"] = "9" * 40
    packaged[7]["former"] = "GM0001"
    result = run("regions", "import", write(tmp_path / "new.csv", packaged))
    assert (result.exit_code, result.stdout) == (2, "")
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        "2:code",
        "3:inhabitants",
        "4:former",
        "4:name",
        "6:code",
        "8:inhabitants",
        "9:former",
        "343:ggd",
    ]
    assert db.session.scalars(select(ReferenceVersion.version)).all() == ["2025-01-01"]
    assert db.session.scalar(select(func.count()).select_from(MunicipalityRow)) == 342


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "1"),
        (b"code,name\nGM0014,Groningen\n", "1"),
        (b"\xff\xfe", "0"),
    ],
)
def test_a_file_of_another_shape_is_refused(run: Run, tmp_path: Path, content: bytes, place: str) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(content)
    result = run("regions", "import", path)
    assert result.exit_code == 2
    assert {line.split(": ")[0] for line in result.stderr.splitlines()} == {place}


def test_a_version_never_changes(run: Run, packaged: Rows, tmp_path: Path) -> None:
    result = run("regions", "import", write(tmp_path / "2025-01-01.csv", packaged))
    assert result.exit_code == 2
    assert "2025-01-01" in result.stderr
