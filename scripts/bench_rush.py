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
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

import config
from scripts.bench_pages import cookie, environment_of, new_database, serve
from scripts.bench_rush_fill import QUESTIONS, SECTION, Crowd, close_round, fill
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


class Line:
    """Somebody's browser: a session, and a connection that is made anew for what comes seconds later."""

    def __init__(self, address: str, session: str) -> None:
        self.port = int(address.rpartition(":")[2])
        self.session = session
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str) -> str:
        """Open a page and keep the session that it gives."""
        self.connection.request("GET", path, headers={"Cookie": self.session})
        answer = self.connection.getresponse()
        page = answer.read().decode()
        self.connection.close()
        if answer.status != OK:
            raise RuntimeError(f"{path}: {answer.status}")
        self.session = (answer.getheader("Set-Cookie") or self.session).split(";")[0]
        return page

    def post(self, path: str, form: dict[str, str] | list[tuple[str, str]]) -> tuple[int, bytes]:
        """Send a form."""
        headers = {"Cookie": self.session, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, urlencode(form), headers)
        answer = self.connection.getresponse()
        told = answer.status, answer.read()
        self.connection.close()
        return told


class Rush:
    """What the crowd does, and what it was told."""

    def __init__(self, address: str, crowd: Crowd, seconds: int) -> None:
        self.address, self.crowd, self.seconds = address, crowd, seconds
        self.closes = 0.0
        self.saving: list[float] = []
        self.sending: list[float] = []
        self.answers: Counter[str] = Counter()
        self.told_saved: dict[tuple[int, str], str] = {}
        self.told_in: set[int] = set()
        self.lock = threading.Lock()
        self.inside = threading.Barrier(len(crowd.writers) + SENDERS + 1)
        self.begin = threading.Barrier(len(crowd.writers) + SENDERS + 1)

    def run(self, close_at: Callable[[float], None]) -> None:
        """Let everybody come in, say when the round closes, and go until a little after that."""
        rng = random.Random(3)  # noqa: S311  # when people press the button
        # Half of them at any moment, half of them in the last seconds.
        calm = [rng.uniform(0, self.seconds) for _ in self.crowd.senders[::2]]
        hurried = [min(self.seconds, rng.expovariate(1 / 8)) for _ in self.crowd.senders[1::2]]
        before = [LAST_MOMENT + one for one in (*calm, *hurried)]
        late = [-0.5 - 0.1 * number for number in range(len(self.crowd.late))]
        moments = list(zip([*self.crowd.senders, *self.crowd.late], [*before, *late], strict=True))
        people = [
            threading.Thread(target=self._write, args=(index, *writer))
            for index, writer in enumerate(self.crowd.writers)
        ]
        people += [
            threading.Thread(target=self._send, args=(moments[share::SENDERS],)) for share in range(SENDERS)
        ]
        for person in people:
            person.start()
        self.inside.wait()
        self.closes = time.time() + self.seconds + 1
        close_at(self.closes)
        self.begin.wait()
        for person in people:
            person.join()

    def _write(self, index: int, user_key: str, application_id: int, question: str) -> None:
        """Type and be saved every 5 s, at a moment of one's own."""
        path = f"/aanvragen/{application_id}/onderdelen/{SECTION}"
        line = Line(self.address, user_key)
        page = Page(line.get(path))
        self.inside.wait()
        self.begin.wait()
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

    def _send(self, moments: list[tuple[tuple[str, int], float]]) -> None:
        """Send in, each so many seconds before the closing."""
        lines = []
        for (user_key, application_id), before in sorted(moments, key=lambda one: -one[1]):
            line = Line(self.address, user_key)
            token = Page(line.get(f"/aanvragen/{application_id}/nakijken")).token
            lines.append((line, application_id, token, before))
        self.inside.wait()
        self.begin.wait()
        for line, application_id, token, before in lines:
            due = self.closes - before
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
        environment = environment_of(url, folder)
        app = create_app(config.from_environment(environment))
        crowd = fill(app, lambda key: cookie(app, key))
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[:2])
        with serve("wsgi:app", environment) as address:
            os.sched_setaffinity(0, cores)
            rush = Rush(address, crowd, options.seconds)
            rush.run(lambda moment: close_round(app, moment))
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
