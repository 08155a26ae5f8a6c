"""The evaluation of rounds as files: everything as JSON, the figures as one table."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LEVELS = ("total", "kinds", "rounds")


def write_evaluation(evaluation: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write evaluation.json and figures.csv into a folder, made when it is not there; give their paths.

    `evaluation` is what services/statistics.py gives. Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole, table = folder / "evaluation.json", folder / "figures.csv"
    whole.write_text(json.dumps(evaluation, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    columns = list(evaluation["total"])
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["level", "name", *columns])
        for level in LEVELS:
            parts = {"": evaluation[level]} if level == "total" else evaluation[level]
            writer.writerows(
                [level, name, *(figures[column] for column in columns)] for name, figures in parts.items()
            )
    return [whole, table]
