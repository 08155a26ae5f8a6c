"""How quickly letters leave our whole job, beside plain WeasyPrint drawing the same documents.

Ours: claimed from the outbox, composed, drawn as PDF/A-3a with the decision attached, stored under its
digest, in its row and in the chain of events, finished. Plain: `HTML(string).write_pdf(pdf_variant=...)` of
the same pages, given ready-made. Both with one process and with two, in turns, on each database.
Usage: python -m scripts.bench_letters [--letters N] [--turn N] [--url SERVER] [--only sqlite|postgresql]
[--json FILE]; prints a table, and exits with 1 when a limit is missed.
"""

import argparse
import base64
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from pypdfium2 import PdfDocument
from weasyprint import HTML

from scripts.bench_letters_figures import Measured, Told, Turns
from scripts.bench_letters_fill import order_letters, refuse_undrawn, release
from scripts.bench_pages import ROOT, environment_of, new_database
from subsidy.db import db
from subsidy.documents.decision_letters import content_for
from subsidy.documents.letter import LetterContent, pictures_with
from subsidy.documents.pdf import VARIANT, pdf_renderer
from subsidy.documents.pdf_assets import SCHEME, TEMPLATES, TYPES, assets
from subsidy.models import Decision
from subsidy.services import file_store, letters

PROCESSES = (1, 2)
PAGES = 2


class Process:
    """One of the processes that draw; `letters` and the memory after each turn are kept."""

    def __init__(self, module: str, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.letters = 0
        self.memory: list[tuple[int, float]] = []

    def ask(self, question: dict[str, Any]) -> None:
        """Let it begin."""
        assert self._process.stdin is not None  # noqa: S101  # a pipe was asked for
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Told:
        """Wait until it is done."""
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a process that draws letters stopped")
        told: Told = json.loads(line)
        self.letters += int(told["letters"])
        self.memory.append((self.letters, told["resident_kib"] / 1000))
        return told

    def stop(self) -> None:
        """Let it end."""
        self._process.communicate(timeout=60)


def measure(database: str, url: str, count: int, turn: int) -> Measured:
    """Draw so many letters with one process and so many with two, in turns with plain WeasyPrint."""
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_of(url, folder)
        app, decisions = order_letters(environment, sum(PROCESSES) + len(PROCESSES) * count)
        try:
            return _measure(app, database, environment, decisions, turn)
        finally:
            with app.app_context():
                db.engine.dispose()


def _measure(
    app: Flask, database: str, environment: dict[str, str], decisions: list[int], turn: int
) -> Measured:
    result = Measured(database, {n: Turns() for n in PROCESSES}, {n: Turns() for n in PROCESSES}, [])
    warm, rest = decisions[: sum(PROCESSES)], decisions[sum(PROCESSES) :]
    half = len(rest) // 2
    share = {1: rest[:half], 2: rest[half:]}
    with app.app_context(), _started(environment) as (ours, plain):
        _turn(ours, plain, warm, Turns(), Turns())
        for one in (*ours, *plain):
            one.letters = 0
            one.memory.clear()
        for start in range(0, half, turn):
            for number in PROCESSES:
                chosen = share[number][start : start + turn]
                _turn(ours[:number], plain[:number], chosen, result.ours[number], result.plain[number])
    result.memory = ours[0].memory
    return result


@contextlib.contextmanager
def _started(environment: dict[str, str]) -> Iterator[tuple[list[Process], list[Process]]]:
    ours = [Process("scripts.bench_letters_job", environment) for _ in range(max(PROCESSES))]
    plain = [Process("scripts.bench_letters_plain", dict(os.environ)) for _ in range(max(PROCESSES))]
    try:
        yield ours, plain
    finally:
        for one in (*ours, *plain):
            one.stop()


def _turn(ours: list[Process], plain: list[Process], decisions: list[int], mine: Turns, floor: Turns) -> None:
    """Let ours draw these letters, and plain WeasyPrint the same pages after it."""
    release(decisions)
    for process in ours:
        process.ask({})
    mine.add([process.answer() for process in ours])
    refuse_undrawn(decisions)
    pages = [plain_page(content) for content in contents_of(decisions)]
    refuse_other(pages[0], decisions)
    db.session.rollback()
    for place, process in enumerate(plain):
        process.ask({"pages": pages[place :: len(plain)]})
    floor.add([process.answer() for process in plain])


def contents_of(decisions: Sequence[int]) -> Iterator[LetterContent]:
    """Give what the letters of these decisions say, as they were drawn."""
    for id_ in decisions:
        decision = db.session.get_one(Decision, id_)
        yield content_for(decision, letter=letters.of_decision(decision, now=decision.proposed_at))


def plain_page(content: LetterContent) -> str:
    """Give the HTML of a letter with styles and pictures inside, as anyone would write it."""
    styles = "".join(
        (TEMPLATES / "pdf" / f"{name}.css").read_text(encoding="utf-8") for name in ("document", "letter")
    )
    dates = {"created": content.created_at.isoformat(), "modified": content.modified_at.isoformat()}
    page = pdf_renderer().html("letter.html", {"letter": content, **dates})
    page = page.replace("</head>", f"<style>{styles}</style></head>")
    brought = pictures_with(content.office, content.signature, code=content.code)
    own = {f"{SCHEME}{name}": (TYPES[Path(name).suffix], image) for name, image in assets().items()}
    for address, (media_type, image) in (
        own | {address: (one.media_type, one.content) for address, one in brought.items()}
    ).items():
        page = page.replace(f'"{address}"', f'"data:{media_type};base64,{base64.b64encode(image).decode()}"')
    return page


def refuse_other(page: str, decisions: Sequence[int]) -> None:
    """Stop when a stored letter has not two pages, or the first does not say what its plain page says."""
    drawn = [file_store.read(db.session.get_one(Decision, id_).letter_sha256 or "") for id_ in decisions]
    lengths = {len(_texts(pdf)) for pdf in drawn}
    if lengths != {PAGES}:
        raise SystemExit(f"letters of {sorted(lengths)} pages")
    if _texts(drawn[0]) != _texts(HTML(string=page).write_pdf(pdf_variant=VARIANT)):
        raise SystemExit("a letter says something else than the page beside which it is measured")


def _texts(pdf: bytes) -> list[str]:
    with contextlib.closing(PdfDocument(pdf)) as document:
        return [page.get_textpage().get_text_range() for page in document]


def main() -> int:
    """Measure, print, and return 1 when a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000)
    parser.add_argument("--turn", type=int, default=100)
    parser.add_argument("--url", default="postgresql+psycopg://root@127.0.0.1/postgres")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    print(
        f"{options.letters} letters of {PAGES} pages, {platform.python_implementation()} "
        f"{platform.python_version()} ({sys.executable}), {os.cpu_count()} cores"
    )
    measured = []
    for database in ("sqlite", "postgresql"):
        if options.only in {None, database}:
            with _database(database, options.url) as url:
                measured.append(measure(database, url, options.letters, options.turn))
            print(measured[-1].table(), flush=True)
    if options.json:
        options.json.write_text(json.dumps([one.as_json() for one in measured], indent=1), encoding="utf-8")
    missed = [line for one in measured for line in one.missed()]
    print("\n".join(missed) or "every limit was kept")
    return 1 if missed else 0


@contextlib.contextmanager
def _database(database: str, server: str) -> Iterator[str]:
    if database == "postgresql":
        with new_database(server) as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/bench.db"


if __name__ == "__main__":
    raise SystemExit(main())
