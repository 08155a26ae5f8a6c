"""The last two minutes of a round: python -m scripts.bench_rush [--url SERVER] [--json FILE].

200 people write, two to an application, and save by themselves every 5 s; meanwhile 500 collaborations send
in, most of them at the very end. On PostgreSQL, with 2 web processes that share 2 cores. Afterwards the
database is read: every text that somebody was told is saved must be there, and everything that was sent
before the closing must be in. Latency counts from the moment at which a request was due, not from the
moment at which the client got round to it. Everything runs here and stops by itself.
"""

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

import config
from scripts.bench_pages import WORKERS, cookie, new_database, serve
from scripts.bench_rush_fill import QUESTIONS, SECTION, Crowd, fill
from scripts.bench_rush_form import Page
from subsidy.app import create_app
from subsidy.db import db
from subsidy.models import Application

OK = 200
EVERY = 5.0
SLOWEST_MS = 500
SENDERS = 40
# Sent this long before the closing at the latest; what the clock reads first is what counts.
LAST_MOMENT = 0.25
AFTER = 10


class Line:
    """One kept-alive connection, and how long each of its requests took."""

    def __init__(self, address: str, session: str) -> None:
        self.port = int(address.rpartition(":")[2])
        self.session = session
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str) -> str:
        """Open a page and keep the session that it gives."""
        self.connection.request("GET", path, headers={"Cookie": self.session})
        answer = self.connection.getresponse()
        page = answer.read().decode()
        if answer.status != OK:
            raise RuntimeError(f"{path}: {answer.status}")
        self.session = (answer.getheader("Set-Cookie") or self.session).split(";")[0]
        return page

    def post(self, path: str, form: dict[str, str] | list[tuple[str, str]]) -> tuple[int, bytes]:
        """Send a form."""
        headers = {"Cookie": self.session, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, urlencode(form), headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


class Rush:
    """What the crowd does, and what it was told."""

    def __init__(self, address: str, crowd: Crowd, closes: float, seconds: int) -> None:
        self.address, self.crowd, self.closes, self.seconds = address, crowd, closes, seconds
        self.saving: list[float] = []
        self.sending: list[float] = []
        self.answers: Counter[str] = Counter()
        self.told_saved: dict[tuple[int, str], str] = {}
        self.told_in: set[int] = set()
        self.lock = threading.Lock()
        self.barrier = threading.Barrier(len(crowd.writers) + SENDERS + 1)

    def run(self) -> None:
        """Let everybody come in, then go until a little after the closing."""
        rng = random.Random(3)  # noqa: S311  # when people press the button
        # Half of them at any moment, half of them in the last seconds.
        calm = [rng.uniform(0, self.seconds) for _ in self.crowd.senders[::2]]
        hurried = [min(self.seconds, rng.expovariate(1 / 8)) for _ in self.crowd.senders[1::2]]
        due = [self.closes - LAST_MOMENT - before for before in (*calm, *hurried)]
        late = [self.closes + 0.5 + 0.1 * number for number in range(AFTER)]
        moments = dict(zip([*self.crowd.senders, *self.crowd.late], [*due, *late], strict=True))
        people = [
            threading.Thread(target=self._write, args=(index, *writer))
            for index, writer in enumerate(self.crowd.writers)
        ]
        people += [
            threading.Thread(target=self._send, args=(dict(list(moments.items())[share::SENDERS]),))
            for share in range(SENDERS)
        ]
        for person in people:
            person.start()
        self.barrier.wait()
        for person in people:
            person.join()

    def _write(self, index: int, user_key: str, application_id: int, question: str) -> None:
        """Type and be saved every 5 s, at a moment of one's own."""
        path = f"/aanvragen/{application_id}/onderdelen/{SECTION}"
        line = Line(self.address, user_key)
        page = Page(line.get(path))
        self.barrier.wait()
        due = time.time() + EVERY * index / len(self.crowd.writers)
        turn = 0
        while due < self.closes + 2:
            time.sleep(max(0.0, due - time.time()))
            turn += 1
            text = f"Wat wij gaan doen, versie {turn} van {index}. " * 12
            page.fill(question, text)
            status, body = line.post(f"{path}/tussendoor", page.fields)
            took = time.time() - due
            told = json.loads(body) if status == OK else {}
            with self.lock:
                self.saving.append(took)
                self.answers[f"autosave {status} {told.get('state', '')}"] += 1
                if told.get("state") == "saved":
                    self.told_saved[application_id, question] = text
            if told:
                page.take(told)
            due += EVERY

    def _send(self, moments: dict[tuple[str, int], float]) -> None:
        """Send in, each at its moment."""
        lines = {}
        for user_key, application_id in moments:
            line = Line(self.address, user_key)
            lines[application_id] = (line, Page(line.get(f"/aanvragen/{application_id}/nakijken")).token)
        self.barrier.wait()
        for (_user_key, application_id), due in sorted(moments.items(), key=lambda item: item[1]):
            line, token = lines[application_id]
            time.sleep(max(0.0, due - time.time()))
            started = time.time()
            status, _body = line.post(f"/aanvragen/{application_id}/indienen", {"csrf_token": token})
            with self.lock:
                self.sending.append(time.time() - due)
                when = "late" if started > self.closes else "in time"
                self.answers[f"sent {when}: {status}"] += 1
                if when == "in time":
                    self.told_in.add(application_id)

    def faults(self) -> list[str]:
        """What the database says other than the people were told."""
        found = []
        rows = db.session.execute(
            select(Application.id, Application.state, Application.submitted_at, Application.answers)
        )
        for application_id, state, submitted_at, answers in rows:
            sent = state == "submitted" and submitted_at is not None
            if application_id in self.told_in and not sent:
                found.append(f"application {application_id} was sent in time and is {state}")
            if application_id in {one for _, one in self.crowd.late} and sent:
                found.append(f"application {application_id} was sent late and is {state}")
            for question in QUESTIONS:
                text = self.told_saved.get((application_id, question))
                if text is not None and answers.get(question) != text.strip():
                    found.append(f"application {application_id} lost a text of {question}")
        return found


def milliseconds(values: list[float]) -> dict[str, float]:
    """The middle, the 95th of a hundred, and the worst, in ms."""
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered) * 1000, 1),
        "p95": round(ordered[int(len(ordered) * 0.95)] * 1000, 1),
        "worst": round(ordered[-1] * 1000, 1),
    }


def main() -> None:
    """Fill, serve, rush, read back, print; exit 1 when something was lost, refused or slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="postgresql+psycopg://root@127.0.0.1/postgres")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with new_database(options.url) as url, tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "VAR_DIR": folder,
            "SECRET_KEY": "bench",
            "WEB_WORKERS": WORKERS,
            "REDIS_URL": "",
        }
        app = create_app(config.from_environment(environment))
        # Half a minute for everybody to come in before the two minutes begin.
        closes = time.time() + options.seconds + 30
        crowd = fill(app, datetime.fromtimestamp(closes, UTC), lambda key: cookie(app, key))
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[:2])
        with serve("wsgi:app", environment) as address:
            os.sched_setaffinity(0, cores)
            rush = Rush(address, crowd, closes, options.seconds)
            rush.run()
        with app.app_context():
            faults = rush.faults()
    outcome = {
        "autosave_ms": milliseconds(rush.saving),
        "submit_ms": milliseconds(rush.sending),
        "answers": dict(sorted(rush.answers.items())),
        "faults": faults,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "cores": {"web": min(2, len(cores)), "all": len(cores)},
    }
    print(json.dumps(outcome, indent=1))
    if options.json:
        options.json.write_text(json.dumps(outcome, indent=1), encoding="utf-8")
    # 302: no longer logged in; 4xx and 5xx: an error. A submission is answered with 303, a late one with 422.
    good = {"autosave 200 saved", "sent in time: 303", "sent late: 422"}
    slow = max(milliseconds(one)["p95"] for one in (rush.saving, rush.sending)) > SLOWEST_MS
    if faults or slow or set(rush.answers) - good:
        sys.exit("NOT GOOD: something was lost, refused or too slow")


if __name__ == "__main__":
    main()
