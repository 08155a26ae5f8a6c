"""Bytes by content: a file is stored once under its SHA-256, and what was stored never changes."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from flask import current_app

from subsidy.db import db, insert_into
from subsidy.models import StoredFile

CHUNK = 256 * 1024


class CannotStoreError(Exception):
    """The bytes could not be written, to a full disk for instance; nothing of them was kept."""


class FileDamagedError(Exception):
    """The stored bytes are gone or no longer have the digest under which they were stored."""


def put(content: bytes | Iterable[bytes], *, media_type: str, now: datetime) -> StoredFile:
    """Store bytes and register them in the caller's transaction.

    The bytes are on the disk, synced, before the row exists: a row never points at nothing. A crash in
    between leaves bytes without a row, which harms nobody. Raises CannotStoreError.
    """
    try:
        sha256, size = _keep([content] if isinstance(content, bytes) else content)
    except OSError as error:
        raise CannotStoreError(f"cannot write in {_folder()}: {error.strerror or error}") from error
    db.session.execute(
        insert_into(StoredFile)
        .values(sha256=sha256, media_type=media_type, size=size, stored_at=now)
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return db.session.get_one(StoredFile, sha256)


def _keep(content: Iterable[bytes]) -> tuple[str, int]:
    """Write pieces to the disk, under their digest once they are whole; gives the digest and the size."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        temporary = Path(file.name)
        try:
            for chunk in content:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            place = path_of(digest.hexdigest())
            if not place.parent.exists():
                place.parent.mkdir(exist_ok=True)
                _sync(folder)
            temporary.replace(place)
            _sync(place.parent)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return place.name, size


def _sync(folder: Path) -> None:
    """Make a name in a folder outlive a power failure: syncing the file alone does not."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(sha256: str) -> Path:
    """Where the bytes with this digest lie on disk."""
    return _folder() / sha256[:2] / sha256


def read(sha256: str) -> bytes:
    """The bytes, checked against their digest; FileDamagedError when they are gone or changed."""
    content = b"".join(stream(sha256))
    if hashlib.sha256(content).hexdigest() != sha256:
        message = f"the stored file {sha256} was changed"
        raise FileDamagedError(message)
    return content


def stream(sha256: str) -> Iterator[bytes]:
    """The bytes in pieces, for sending a large file."""
    with open_file(sha256) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def open_file(sha256: str) -> BinaryIO:
    """Open the stored bytes for reading."""
    try:
        return path_of(sha256).open("rb")
    except FileNotFoundError as error:
        message = f"the stored file {sha256} is missing"
        raise FileDamagedError(message) from error


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].var_dir / "files"
    return folder
