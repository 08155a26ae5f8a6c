"""A request that waits for its turn arrived when it came in, not when its turn came."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TURN = 2.0
# One thread, which takes so many seconds for each request and tells when it arrived.
SERVED = f"""
import json, time
from subsidy.clock import ARRIVED_AT

def app(environ, start_response):
    arrived_at = ARRIVED_AT.get()
    time.sleep({TURN})
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(arrived_at.timestamp() if arrived_at else None).encode()]
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "served.py").write_text(SERVED, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free: int = probe.getsockname()[1]
    options = [
        "--config",
        "/dev/null",
        "--bind",
        f"127.0.0.1:{free}",
        "--threads",
        "1",
        "--pythonpath",
        tmp_path,
    ]
    worker = ["--worker-class", "subsidy.punctual.PunctualWorker"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *options, *worker, "served:app"], cwd=ROOT)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", free), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield free
    finally:
        server.terminate()
        server.wait(timeout=20)


def ask(port: int, *, silent: float = 0.0) -> tuple[float, float | None, float]:
    """Send a request, `silent` seconds after opening the connection: sent, arrived, answered."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.connect()
    time.sleep(silent)
    sent = time.time()
    connection.request("GET", "/")
    arrived = json.loads(connection.getresponse().read())
    connection.close()
    return sent, arrived, time.time()


def test_waiting_for_a_turn_makes_nobody_late(port: int) -> None:
    told: list[tuple[float, float | None, float]] = []
    people = [threading.Thread(target=lambda: told.append(ask(port))) for _ in range(3)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    # Whose turn comes at once needs no note: the program reads its own clock then.
    waited = [(sent, arrived) for sent, arrived, answered in told if answered - sent > 1.5 * TURN]
    assert len(waited) == 2
    for sent, arrived in waited:
        assert arrived is not None
        assert sent - 0.2 <= arrived < sent + TURN / 2


def test_opening_a_connection_early_makes_nobody_early(port: int) -> None:
    _sent, arrived, _answered = ask(port, silent=1.5)
    assert arrived is None  # so the program reads its own clock, when the request is there
