"""A mail server in a process of its own: it keeps who got which message in a file, and takes its time.

    python tests/faults/mail_sink.py FILE SEED

Prints its address, and serves until it is ended. A message stands in the file before the server says that it
has it, as one that a mail server accepted is on its disk.
"""

import asyncio
import json
import socket
import sys
from email import message_from_bytes
from pathlib import Path
from random import Random
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SLOWEST_SECONDS = 0.06


class Sink:
    """What the server does with a message."""

    def __init__(self, file: Path, random: Random) -> None:
        self._file, self._random = file, random

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one message, and answer a little later: who sent it may be dead by then."""
        message = message_from_bytes(envelope.content or b"")  # type: ignore[arg-type]
        await asyncio.sleep(self._random.uniform(0, SLOWEST_SECONDS))
        told = {"id": message["Message-ID"], "to": message["To"], "text": message.get_payload()}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")
        await asyncio.sleep(self._random.uniform(0, SLOWEST_SECONDS))
        return "250 kept"


def main(file: Path, seed: int) -> None:
    """Serve on a free port."""
    file.touch()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    sink = Sink(file, Random(seed))  # noqa: S311  # moments, not secrets
    Controller(sink, hostname="127.0.0.1", port=port).start()
    sys.stdout.write(f"smtp://127.0.0.1:{port}\n")
    sys.stdout.flush()
    Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
