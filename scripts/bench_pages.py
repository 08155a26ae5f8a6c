"""Pages beside their floors: python -m scripts.bench_pages [--url SERVER] [--json FILE].

Makes a database with 10,000 applications of 3 reviews each, starts two gunicorns with the same settings on
it (ours and scripts/bench_floor.py), and asks both in turns. Everything runs here and stops by itself.
"""

import argparse
import contextlib
import html
import json
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

import config
from scripts.bench_fill import Filled, fill
from scripts.bench_load import CONNECTIONS, Comparison, Subject, compare
from subsidy.app import create_app

ROOT = Path(__file__).resolve().parent.parent
WORKERS = "2"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def main() -> None:
    """Fill, serve, compare, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="postgresql+psycopg://root@127.0.0.1/postgres")
    parser.add_argument("--applications", type=int, default=10_000)
    parser.add_argument("--slices", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with new_database(options.url) as url, tempfile.TemporaryDirectory() as folder:
        environment = environment_of(url, folder)
        app = create_app(config.from_environment(environment))
        filled = fill(app, options.applications)
        with serve("wsgi:app", environment) as ours, serve("scripts.bench_floor:app", environment) as floor:
            results = []
            for result in measure(app, filled, ours, floor, options.slices, options.seconds):
                tell(result)
                results.append(result)
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    if options.json:
        rows = [{**asdict(result), "ratio": result.ratio} for result in results]
        options.json.write_text(
            json.dumps({"python": sys.version, "results": rows}, indent=1), encoding="utf-8"
        )


def environment_of(url: str, folder: str) -> dict[str, str]:
    """The settings of an installation to measure: two processes, and no Redis."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "VAR_DIR": folder,
        "SECRET_KEY": "bench",
        "WEB_WORKERS": WORKERS,
        "REDIS_URL": "",
    }


def tell(result: Comparison) -> None:
    """One line: both medians, the ratio and whether it is enough."""
    verdict = "good" if result.ratio >= result.wanted else "TOO SLOW"
    print(
        f"{result.name:18} {result.ours:8.1f} /s, floor {result.floor:8.1f} /s, "
        f"ratio {result.ratio:.2f} (at least {result.wanted}): {verdict}",
        flush=True,
    )


def measure(
    app: Flask, filled: Filled, ours: str, floor: str, slices: int, seconds: float
) -> Iterator[Comparison]:
    """Compare the three kinds of page, one after the other."""
    officer = {"Cookie": cookie(app, filled.officer)}
    turn = count()
    file_id = filled.application_ids[len(filled.application_ids) // 2]
    yield compare(
        "list of 50",
        Subject("worklist", f"{ours}/bureau/?ronde={filled.slug}&wacht=screen", officer),
        Subject("floor list", f"{floor}/list/{filled.slug}"),
        wanted=0.45,
        slices=slices,
        seconds=seconds,
    )
    yield compare(
        "application page",
        Subject("application", f"{ours}/bureau/aanvragen/{file_id}", officer),
        Subject("floor record", f"{floor}/record/{file_id}"),
        wanted=0.3,
        slices=slices,
        seconds=seconds,
    )
    yield compare(
        "saving a review",
        ReviewSaver(app, ours, filled).subject(),
        Subject(
            "floor save",
            floor,
            form=lambda _: scores(filled, next(turn)),
            expect=(303,),
            paths=[f"/review/{review_id}" for review_id in filled.review_ids],
        ),
        wanted=0.4,
        slices=slices,
        seconds=seconds,
    )


class ReviewSaver:
    """Saves drafts of one review per connection, each time on the version that the last save made."""

    def __init__(self, app: Flask, ours: str, filled: Filled) -> None:
        self.ours, self.filled = ours, filled
        self.versions = [1] * CONNECTIONS
        page, self.cookie = self._open(cookie(app, filled.reviewer))
        match = TOKEN.search(page)
        if match is None:
            raise SystemExit("the page of the reviewer has no form")
        self.token = html.unescape(match.group(1))

    def subject(self) -> Subject:
        """What to ask for: the address differs per connection."""
        paths = [f"/beoordelen/{review_id}" for review_id in self.filled.review_ids]
        return Subject(
            "save review", self.ours, {"Cookie": self.cookie}, form=self._form, expect=(303,), paths=paths
        )

    def _form(self, number: int) -> Mapping[str, str]:
        version = self.versions[number]
        self.versions[number] += 1
        return {"csrf_token": self.token, "version": str(version), **scores(self.filled, version)}

    def _open(self, session: str) -> tuple[str, str]:
        connection = HTTPConnection("127.0.0.1", int(self.ours.rpartition(":")[2]), timeout=30)
        connection.request("GET", f"/beoordelen/{self.filled.review_ids[0]}", headers={"Cookie": session})
        answer = connection.getresponse()
        page = answer.read().decode()
        fresh = (answer.getheader("Set-Cookie") or session).split(";")[0]
        connection.close()
        return page, fresh


def scores(filled: Filled, turn: int) -> dict[str, str]:
    """What a reviewer sends: every score and reason, of which one reason is new each time."""
    fields = {"notes": ""}
    for criterion in filled.criteria:
        fields[f"score-{criterion}"] = "4"
        fields[f"motivation-{criterion}"] = "Het plan sluit aan bij wat de regio nodig heeft. " * 2
    fields[f"motivation-{filled.criteria[0]}"] += f"Versie {turn}."
    return fields


def cookie(app: Flask, user_key: str) -> str:
    """The session cookie of somebody who logged in."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"session={serializer.dumps({'_user_id': user_key, '_fresh': True})}"


@contextlib.contextmanager
def new_database(server: str) -> Iterator[str]:
    """A database of this run, migrated, dropped afterwards."""
    name = f"subsidy_bench_{uuid4().hex[:8]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.rpartition("/")[0] + "/" + name
    try:
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(config.from_environment({"DATABASE_URL": url, "VAR_DIR": folder}))
            with app.app_context():
                upgrade()
        yield url
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@contextlib.contextmanager
def serve(application: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Run a gunicorn on a free port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application], cwd=ROOT, env={**environment, "PORT": str(port)}
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


if __name__ == "__main__":
    main()
