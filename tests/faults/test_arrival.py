"""A request that waits for its turn arrived when it came in, not when its turn came."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WAIT = 3.0  # seconds that who came later waits for a turn
# One thread. The first request takes until it is let go; each tells when it arrived.
SERVED = """
import json, pathlib, time
from subsidy.clock import ARRIVED_AT

here = pathlib.Path(__file__).parent

def app(environ, start_response):
    arrived_at = ARRIVED_AT.get()
    (here / "begun").touch()
    while environ["PATH_INFO"] == "/long" and not (here / "let go").exists():
        time.sleep(0.02)
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
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", free), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield free
    finally:
        server.terminate()
        server.wait(timeout=60)


def send(port: int, path: str = "/", *, silent: float = 0.0) -> tuple[float, HTTPConnection]:
    """Send a request, `silent` seconds after opening the connection: when, and where the answer comes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    time.sleep(silent)
    sent = time.time()
    connection.request("GET", path)
    return sent, connection


def arrived(connection: HTTPConnection) -> float | None:
    """What the answer tells of when its request arrived."""
    told: float | None = json.loads(connection.getresponse().read())
    connection.close()
    return told


def test_waiting_for_a_turn_makes_nobody_late(port: int, tmp_path: Path) -> None:
    _sent, first = send(port, "/long")
    while not (tmp_path / "begun").exists():
        time.sleep(0.02)
    others = [send(port) for _ in range(2)]
    time.sleep(WAIT)
    let_go = time.time()
    (tmp_path / "let go").touch()
    arrived(first)
    for sent, waiting in others:
        seen = arrived(waiting)
        assert seen is not None
        assert sent - 0.2 <= seen < let_go


def test_opening_a_connection_early_makes_nobody_early(port: int) -> None:
    _sent, connection = send(port, silent=1.5)
    assert arrived(connection) is None  # so the program reads its own clock, when the request is there
