"""What the tests of faults share: applications with real commits, and no sharing of anything else."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import MOMENT

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these are slow: each has databases, threads or processes of its own."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def office(real_app: Flask) -> Iterator[Flask]:
    """Give an application with real commits, whose clock stands still at MOMENT."""
    real_app.config["CLOCK"] = lambda: MOMENT
    with real_app.app_context():
        yield real_app


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell after `scripts/soak` what was done, and what was refused."""
    for name in ("done", "refused"):
        total: Counter[str] = Counter()
        for report in terminalreporter.getreports("passed"):
            total.update(dict(report.user_properties).get(name, {}))
        if total:
            told = ", ".join(f"{what} {number}" for what, number in total.most_common())
            terminalreporter.write_line(f"{name}: {told}")
