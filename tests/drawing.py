"""Letters that many tests need and none looks at: the same content is laid out once in a process.

The same values give the same bytes: tests/documents/test_pdf.py shows it in two processes. So what is kept
here are the bytes that drawing again would give. Tests of documents, of jobs and of making a letter again
draw themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from random import Random
from typing import Any
from unittest.mock import patch

from subsidy.documents.pdf import PdfRenderer
from subsidy.services import letters
from tests.factories import numbers

_drawn: dict[str, bytes] = {}
_draw = PdfRenderer.render


@contextmanager
def drawn_once() -> Iterator[None]:
    """Within it a document with content that was drawn here before is not laid out again.

    The code by which a letter is known to be genuine would make every letter another: here a test has the
    same codes each time, in its own order.
    """
    codes = Random(next(numbers))  # noqa: S311  # nobody is kept out by it
    with patch.object(PdfRenderer, "render", _kept_or_drawn), patch.object(letters, "secrets", codes):
        yield


def _kept_or_drawn(renderer: PdfRenderer, template: str, values: dict[str, Any], **more: Any) -> bytes:
    dates = {"created": more["created_at"], "modified": more["modified_at"]}
    with renderer._lock:
        renderer._missing = frozenset()
        content = renderer.html(template, {**values, **dates})
    key = sha256(repr((template, content, sorted(more.items()))).encode()).hexdigest()
    if key not in _drawn:
        _drawn[key] = _draw(renderer, template, values, **more)
    return _drawn[key]
