"""Ask clamd whether a file holds a virus, by its INSTREAM command over a socket (clamd(8), COMMANDS).

The setting CLAMD says where it listens; without it nothing is scanned, and whoever reads a file is told.
"""

import socket
import struct
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from flask import current_app

PIECE = 64 * 1024
# Seconds that one step may take: to connect, to send a piece, to wait for the verdict.
PATIENCE = 30.0
LONGEST_ANSWER = 4096


class ScannerError(Exception):
    """The scanner does not answer, or says that it cannot scan this; trying again later may help."""


def switched_on() -> bool:
    """Whether this installation has a scanner."""
    return bool(current_app.config["SETTINGS"].clamd)


def virus_in(file: IO[bytes]) -> str | None:
    """Give the name of the virus in a file, or None when it is clean. Raises ScannerError."""
    try:
        with _connect(current_app.config["SETTINGS"].clamd) as scanner:
            answer = _ask(scanner, file)
    except OSError as error:
        raise ScannerError(f"the virus scanner does not answer: {error}") from error
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerError(f"the virus scanner answered {answer or 'nothing'!r}")


def _connect(address: str) -> socket.socket:
    if address.startswith("unix:"):
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(PATIENCE)
        try:
            scanner.connect(str(Path(address.removeprefix("unix:"))))
        except OSError:
            scanner.close()
            raise
        return scanner
    place = urlsplit(address)
    return socket.create_connection((place.hostname, place.port), timeout=PATIENCE)


def _ask(scanner: socket.socket, file: IO[bytes]) -> str:
    """Send the file in pieces, each after its length, and read the line that comes back."""
    try:
        scanner.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            scanner.sendall(struct.pack("!I", len(piece)) + piece)
        scanner.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it hung up: why stands in what it said before, a limit on the size for instance
    answer = b""
    while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\0"):
        piece = scanner.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
