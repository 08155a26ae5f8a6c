"""What the tests of faults share: applications with real commits, and no sharing of anything else."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import MOMENT


@pytest.fixture
def office(real_app: Flask) -> Iterator[Flask]:
    """Give an application with real commits, whose clock stands still at MOMENT."""
    real_app.config["CLOCK"] = lambda: MOMENT
    with real_app.app_context():
        yield real_app
