"""Documentation that is drawn from the code is not behind it."""

import re
from pathlib import Path

import pytest

from scripts import diagrams

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_states_are_drawn_from_the_machines() -> None:
    assert diagrams.TARGET.read_text(encoding="utf-8") == diagrams.page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_point_at_something(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
