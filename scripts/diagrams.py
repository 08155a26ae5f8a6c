"""Draw the states from the machines: `python scripts/diagrams.py` writes docs/states.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from workflows import application, machine  # after the path is set
from workflows import round as rounds

TARGET = Path(__file__).resolve().parent.parent / "docs" / "states.md"


def page() -> str:
    """The whole page."""
    return (
        "# States and transitions\n\n"
        "Made by `python scripts/diagrams.py` from `workflows/application.py` and `workflows/round.py`; "
        "a test fails when this page is behind.\n\n"
        f"## Application\n\n```mermaid\n{machine.diagram(application.MACHINE)}```\n\n"
        f"## Round\n\n```mermaid\n{machine.diagram(rounds.MACHINE)}```\n"
    )


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
