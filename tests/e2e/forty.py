"""A round of forty applications, as an office brings one in, with parties named after real municipalities."""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from workflows.calendar_nl import AMSTERDAM
from workflows.kinds import KINDS

COUNT = 40
SLUG = "netwerk-40"
CEILING_CENTS = 100_000_000
MUNICIPALITIES = Path(__file__).resolve().parents[2] / "subsidy/data/municipalities.csv"
THEMES = [theme.value for theme in KINDS["netwerk"].themes]


def round_file(*, closed: datetime) -> bytes:
    """The round as a file: it closed at `closed` (aware), and nothing was reviewed yet."""
    with MUNICIPALITIES.open(encoding="utf-8") as file:
        every_eighth = list(csv.DictReader(file))[::8][:COUNT]
    opened = (closed - timedelta(days=42)).astimezone(AMSTERDAM)
    return json.dumps(
        {
            "format": "subsidy-round/1",
            "round": {
                "slug": SLUG,
                "kind": "netwerk",
                "number": 40,
                "title": "Networks, round 40",
                "opens_at": opened.isoformat(timespec="seconds"),
                "closes_at": closed.astimezone(AMSTERDAM).isoformat(timespec="seconds"),
                "ceiling_cents": CEILING_CENTS,
                "rules": _rules(),
            },
            "applications": [
                _application(number, row, opened + timedelta(days=number))
                for number, row in enumerate(every_eighth, start=1)
            ],
        }
    ).encode()


def _rules() -> dict[str, Any]:
    file: dict[str, Any] = json.loads(json.dumps(KINDS["netwerk"].rules.to_file(), default=float))
    return file


def _application(number: int, row: dict[str, str], received: datetime) -> dict[str, Any]:
    name = row["name"]
    return {
        "reference": f"NW40-{number:02d}",
        "submitted_at": received.isoformat(timespec="seconds"),
        "title": f"Netwerk {name}",
        "lead": {"name": f"Gemeente {name}", "domain": "gemeente"},
        "partners": [
            {"name": f"Huisartsen {name}", "domain": "zorgaanbieder"},
            {"name": f"Bewonersraad {name}", "domain": "burgers"},
        ],
        "region": {"name": name, "municipalities": [row["code"]]},
        # One review is enough below 25,000 euros, two are needed from there on.
        "requested_cents": 2_000_000 if number % 4 == 0 else 4_000_000 + 25_000 * number,
        "months": 12,
        "themes": [THEMES[number % len(THEMES)]],
    }
