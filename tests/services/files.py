"""Round files to break: the demo round, and small changes to it."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any

from subsidy.data import FOLDER

DEMO = FOLDER / "demo" / "regiobeeld-1.json"
OUTCOME = {"decision": "rejected", "decided_on": "2019-09-01", "ground": "below_threshold"}

Document = dict[str, Any]


def demo() -> Document:
    """Give the demo round; yours to change."""
    document: Document = json.loads(DEMO.read_text(encoding="utf-8"))
    return document


def content(document: object) -> bytes:
    """Write a document as the bytes of a file."""
    return json.dumps(document).encode()


def broken(change: Callable[[Document], object]) -> bytes:
    """Give the demo round with one change made to it."""
    document = demo()
    change(document)
    return content(document)


def many(count: int, slug: str = "groot-1") -> Document:
    """Give a round with this many applications, of three reviews each."""
    document = demo()
    document["round"]["slug"] = slug
    kinds = document["applications"]
    criteria = [criterion["id"] for criterion in document["round"]["rules"]["criteria"]]
    document["applications"] = []
    for number in range(count):
        application = deepcopy(kinds[number % len(kinds)])
        application["reference"] = f"{slug}-{number:05d}"
        application["summary"] = "Wij maken samen een beeld van de regio. " * 10
        application["reviews"] = [
            {
                "reviewer": f"referent-{reviewer}",
                "scores": dict.fromkeys(criteria, 1 + (number + reviewer) % 5),
                "motivation": dict.fromkeys(criteria, "De aanvraag laat zien hoe partijen samenwerken. " * 5),
            }
            for reviewer in range(3)
        ]
        document["applications"].append(application)
    return document


def equal_values(part: object, name: str = "") -> object:
    """Give a document in the one form in which files with equal values are equal."""
    if isinstance(part, dict):
        return {key: equal_values(one, key) for key, one in part.items() if one not in ([], {})}
    if isinstance(part, list):
        return [equal_values(one, name) for one in part]
    if isinstance(part, str) and name.endswith("_at"):
        return datetime.fromisoformat(part)
    return part
