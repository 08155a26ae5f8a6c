"""A mail server for a journey: it keeps what it gets, refuses addresses that nobody has, and can be slow."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# How long a message waits at a closed tap: less than whoever sends it waits for an answer.
HELD_SECONDS, LOOK_SECONDS = 12.0, 0.05
SUBJECT = "Subject"


class MailServer:
    """What the server does; `about` picks the messages that `free` counts, and that the tap holds."""

    def __init__(self, about: str) -> None:
        self.messages: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.free: int | None = None
        self._about = re.compile(about)

    @property
    def counted(self) -> list[EmailMessage]:
        """The messages that it is about, in order."""
        return [one for one in self.messages if self._about.search(one[SUBJECT])]

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse the addresses that nobody has."""
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one message; at a closed tap only after a while."""
        message = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        assert isinstance(message, EmailMessage)
        waited = 0.0
        while self._holds(message) and waited < HELD_SECONDS:
            await asyncio.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
        self.messages.append(message)
        return "250 kept"

    def _holds(self, message: EmailMessage) -> bool:
        counts = self._about.search(message[SUBJECT]) is not None
        return counts and self.free is not None and len(self.counted) >= self.free


@contextmanager
def mail_server(about: str) -> Iterator[tuple[MailServer, str]]:
    """Serve on a free port; gives the server and its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = MailServer(about)
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
