"""The evaluation of rounds as files: everything as JSON, every table as CSV, every chart as SVG.

All lie in one folder. A table is named by its round (or `_all`) and itself, with a dot between that no slug
has.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from subsidy.documents import charts, tables
from subsidy.documents.figures import chart_of, names_of
from subsidy.models import Round
from subsidy.services import statistics
from subsidy.services.figures.cases import Case, cases_of
from subsidy.services.figures.table import Table

LEVELS = ("total", "kinds", "rounds")
ALL = "_all"


def write(out: Path, slugs: Sequence[str] = ()) -> list[Path]:
    """Write the figures of the rounds named, or of all, into a folder, made when it is not there.

    Give the paths. Raises UnknownRoundError, and OSError when the folder cannot be written.
    """
    rounds = statistics.find_rounds(slugs)
    cases = cases_of(rounds)
    out.mkdir(parents=True, exist_ok=True)
    return list(_files(out, rounds, cases))


def _files(out: Path, rounds: Sequence[Round], cases: Sequence[Case]) -> Iterator[Path]:
    evaluation = statistics.evaluation_of(rounds, cases)
    whole = out / "evaluation.json"
    whole.write_text(json.dumps(evaluation, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    yield whole
    yield _figures(out / "figures.csv", evaluation)
    yield from _tables(out, ALL, statistics.tables_of_rounds(rounds, cases), rounds)
    yield _lines(
        out / f"{ALL}.applications.csv", tables.csv_of_cases(cases, {one.id: one.slug for one in rounds})
    )
    for round_ in rounds:
        own = [case for case in cases if case.round_id == round_.id]
        yield from _tables(out, round_.slug, statistics.tables_of_round(round_, own), [round_])


def _figures(path: Path, evaluation: Mapping[str, Any]) -> Path:
    """Write the numbers of the total, of each kind and of each round as one table."""
    columns = list(evaluation["total"])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["level", "name", *columns])
        for level in LEVELS:
            parts = {"": evaluation[level]} if level == "total" else evaluation[level]
            writer.writerows(
                [level, name, *(figures[column] for column in columns)] for name, figures in parts.items()
            )
    return path


def _tables(out: Path, prefix: str, found: Mapping[str, Table], rounds: Sequence[Round]) -> Iterator[Path]:
    names = names_of(rounds)
    for name, table in found.items():
        yield _lines(out / f"{prefix}.{name}.csv", tables.csv_of_table(table))
        chart = chart_of(table, names)
        if chart is not None:
            picture = out / f"{prefix}.{name}.svg"
            picture.write_bytes(charts.draw(chart))
            yield picture


def _lines(path: Path, lines: Iterable[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
    return path
