"""The pages of an attachment as pictures, for reading on screen without opening the file itself.

A job draws them once for the same bytes, in a program of its own with a limit on time and memory; see
page_program.py. Office documents are not drawn.
"""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from subsidy import clock
from subsidy.db import db, reading
from subsidy.models import Attachment, PageImage, PagesMade, StoredFile
from subsidy.services import file_store, outbox
from subsidy.services.media_types import JPEG, PDF, PNG

PROGRAM = Path(__file__).with_name("page_program.py")
DRAWN = {PDF.name, PNG.name, JPEG.name}
# Seconds of a clock on the wall; with storing what was drawn it stays within the lease of a job.
MOST_SECONDS = 75.0
SECONDS_TO_OPEN = 10.0
LOCKED = 3  # as the program says it
MEDIA_TYPES = {".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the program made of a file; `problem` is empty, locked, broken, or incomplete."""

    pages: int
    drawn: tuple[Mapping[str, Any], ...]
    problem: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What there is to read of a file on screen; `made` is None as long as nothing was drawn."""

    made: PagesMade | None
    images: tuple[PageImage, ...]


def can_be_drawn(media_type: str) -> bool:
    """Whether files of this kind are drawn: PDF and pictures are, Office documents are not."""
    return media_type in DRAWN


def post_drawing(sha256: str, media_type: str, *, now: datetime) -> None:
    """Let a job draw the pages of stored bytes; once, however often they are added."""
    if can_be_drawn(media_type):
        outbox.post("pages", f"pages:{sha256}", {"sha256": sha256}, now=now)


def reading_of(attachment: Attachment) -> Reading:
    """Give the drawn pages of a file, in order; two queries, whatever their number."""
    made = db.session.get(PagesMade, attachment.sha256)
    images = db.session.scalars(
        select(PageImage).where(PageImage.sha256 == attachment.sha256).order_by(PageImage.number)
    )
    return Reading(made, tuple(images) if made else ())


def readings_of(digests: Collection[str]) -> dict[str, Reading]:
    """Give the drawn pages of several files, by the digest of their bytes; two queries, none for no file."""
    if not digests:
        return {}
    known = db.session.scalars(select(PagesMade).where(PagesMade.sha256.in_(digests)))
    made = {one.sha256: one for one in known}
    query = select(PageImage).where(PageImage.sha256.in_(made)).order_by(PageImage.sha256, PageImage.number)
    images = defaultdict[str, list[PageImage]](list)
    for image in db.session.scalars(query):
        images[image.sha256].append(image)
    return {sha256: Reading(made.get(sha256), tuple(images[sha256])) for sha256 in digests}


def find_image(attachment: Attachment, number: int) -> PageImage | None:
    """Give one drawn page of a file."""
    return db.session.get(PageImage, (attachment.sha256, number))


def media_type_of(image: PageImage) -> str:
    """Give the media type under which a drawn page was stored."""
    return db.session.get_one(StoredFile, image.image_sha256).media_type


def asks_password(sha256: str) -> bool:
    """Whether stored PDF bytes cannot be opened without a password."""
    command = [sys.executable, "-I", str(PROGRAM), "opens", str(file_store.path_of(sha256))]
    try:
        ended = _run(command, SECONDS_TO_OPEN)
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == LOCKED


def draw_pages(payload: Mapping[str, Any]) -> None:
    """Outbox handler: draw the pages of stored bytes and keep each as a file of its own.

    Safe to run twice. What cannot be drawn is noted as a problem, and not tried again.
    """
    sha256 = str(payload["sha256"])
    with reading():
        there = db.session.get(PagesMade, sha256) is not None
        db.session.commit()
    if there:
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        drawing = draw(file_store.path_of(sha256), folder)
        for page in drawing.drawn:
            _keep(sha256, page, folder)
            db.session.commit()
    now = clock.read()
    db.session.merge(PagesMade(sha256=sha256, pages=drawing.pages, problem=drawing.problem, made_at=now))
    db.session.commit()


def draw(source: Path, folder: Path) -> Drawing:
    """Run the program on a file; it is stopped when it takes too long, and what it made by then counts."""
    command = [sys.executable, "-I", str(PROGRAM), "draw", str(source), str(folder)]
    try:
        ended = _run(command, MOST_SECONDS)
        told, code = ended.stdout, ended.returncode
    except subprocess.TimeoutExpired as late:
        told, code = late.stdout or b"", -1
    lines = [json.loads(line) for line in told.splitlines(keepends=True) if line.endswith(b"\n")]
    pages = lines[0]["pages"] if lines else 0
    drawn = tuple(lines[1:])
    if code == LOCKED:
        return Drawing(0, (), "locked")
    if not drawn:
        return Drawing(pages, (), "broken")
    return Drawing(pages, drawn, "incomplete" if len(drawn) < pages else "")


def _run(command: list[str], seconds: float) -> "subprocess.CompletedProcess[bytes]":
    """Run our own program on a stranger's file, without the secrets that our environment holds."""
    return subprocess.run(command, timeout=seconds, capture_output=True, check=False, env={})  # noqa: S603


def _keep(sha256: str, page: Mapping[str, Any], folder: Path) -> None:
    path = folder / str(page["name"])
    stored = file_store.put(path.read_bytes(), media_type=MEDIA_TYPES[path.suffix], now=clock.read())
    db.session.merge(
        PageImage(
            sha256=sha256,
            number=page["number"],
            image_sha256=stored.sha256,
            width=page["width"],
            height=page["height"],
        )
    )
