"""Files as people have them, made here (with pages, a password, a script), and a fake virus scanner."""

import hashlib
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from subsidy.db import db
from subsidy.models import Application, Attachment
from subsidy.services import attachments
from subsidy.services.snapshots import definition_of
from tests.factories import MOMENT
from workflows.definition import Question
from workflows.permissions import Actor

# What fills up a password (PDF 32000-1:2008, 7.6.3.3).
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
FILE_ID = b"0123456789abcdef"


@cache
def make_pdf(pages: int = 1, width: float = 595, height: float = 842) -> bytes:
    """A PDF with blank pages; whoever asks for the same gets the same bytes."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def make_image(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """A picture in one colour."""
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def locked_pdf(password: str) -> bytes:
    """A PDF of one page that opens with this password; with an empty one it opens by itself."""
    padded = (password.encode() + PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)  # noqa: S324  # as the format has it
    rights = struct.pack("<i", -4)
    key = hashlib.md5(padded + owner + rights + FILE_ID).digest()[:5]  # noqa: S324
    lock = (
        f"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 "
        f"/O <{owner.hex()}> /U <{_rc4(key, PADDING).hex()}> >>"
    )
    return written_pdf([], trailer=f"/Encrypt {lock} /ID [<{FILE_ID.hex()}> <{FILE_ID.hex()}>]")


def written_pdf(more: list[bytes], catalog: str = "", trailer: str = "") -> bytes:
    """A PDF of one page, with more objects (from number 4 on) and more in its catalog and trailer."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *more,
    ]
    content, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end.encode()


def _rc4(key: bytes, content: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    out = bytearray()
    for byte in content:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def file_question(application: Application, **changes: Any) -> Question:
    """The question for letters of support, changed where a test needs that."""
    question = next(one for one in definition_of(application.round).questions if one.id == "support")
    return question.model_copy(update=changes)


def attach(application: Application, content: bytes, name: str = "plan.pdf", **changes: Any) -> Attachment:
    """Add a file as its uploader would; `changes` are of the question."""
    added = attachments.add(
        application,
        file_question(application, **changes),
        file=BytesIO(content),
        name=name,
        most_bytes=25 * 1024 * 1024,
        actor=Actor(user_id=None),
        now=MOMENT,
    )
    db.session.commit()
    return added.attachment


class FakeScanner(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """A clamd that answers what a test says, and remembers what it got."""

    allow_reuse_address = True
    daemon_threads = True
    answer = b"stream: OK\0"
    hangs_up_after: int | None = None
    got = b""


class _UnixScanner(FakeScanner):
    address_family = socket.AF_UNIX


class _Talk(socketserver.StreamRequestHandler):
    server: FakeScanner

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        got = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            got += self.rfile.read(length)
            if self.server.hangs_up_after is not None and len(got) > self.server.hangs_up_after:
                break
        self.server.got = got
        self.wfile.write(self.server.answer)


@contextmanager
def fake_scanner(socket_path: Path | None = None) -> Iterator[tuple[FakeScanner, str]]:
    """A scanner on a real socket, with its address as the setting CLAMD names it."""
    server: FakeScanner
    if socket_path is None:
        server = FakeScanner(("127.0.0.1", 0), _Talk)
        address = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        server = _UnixScanner(str(socket_path), _Talk)  # type: ignore[arg-type]  # a path is an address too
        address = f"unix:{socket_path}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server, address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
