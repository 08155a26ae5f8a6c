"""What a reviewer knows about a file, as codes with parameters."""

from collections.abc import Mapping
from typing import Any

from workflows.assignment import File, Reviewer


def reasons_of(file: File, reviewer: Reviewer) -> list[Mapping[str, Any]]:
    """Give what this reviewer knows about this file, as codes with parameters."""
    found: list[Mapping[str, Any]] = []
    if themes := sorted(file.themes & reviewer.themes):
        found.append({"code": "theme", "themes": themes})
    if municipalities := file.municipalities & reviewer.municipalities:
        found.append({"code": "region", "number": len(municipalities)})
    if domains := sorted(file.domains & reviewer.domains):
        found.append({"code": "domain", "domains": domains})
    if reviewer.lay:
        found.append({"code": "lay"})
    return found
