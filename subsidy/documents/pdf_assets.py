"""The only files that a document may hold: our own images, by name, from one folder, and what comes with it.

What comes with a document (the logo of an office, a signature, a QR code) is given with it as bytes, under an
address that this one document may use. Everything else that a document asks for (a file, an address, even a
data URL) is refused and remembered, so that the renderer can refuse the whole document: a letter that asked
for more is a fault, never something to send.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ASSETS = TEMPLATES / "pdf" / "assets"
SCHEME = "asset:"
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that comes with one document: its bytes and its media type."""

    content: bytes
    media_type: str


class RefusedFetchError(OSError):
    """A document asked for something that is not one of our own images and did not come with it."""


@cache
def assets() -> dict[str, bytes]:
    """Return the content of every image in the folder by file name, read once per process."""
    return {path.name: path.read_bytes() for path in sorted(ASSETS.iterdir()) if path.suffix in TYPES}


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type information
    """Answer `asset:NAME` from memory, and the addresses of `brought`, which change with every document.

    Refuse and remember all else. It opens no file and no socket.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.refused: list[str] = []
        self.brought: Mapping[str, Picture] = {}

    def fetch(self, url: str, _headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the image; raises RefusedFetchError for any other address."""
        picture = self.brought.get(url) or _own(url)
        if picture is None:
            self.refused.append(url)
            raise RefusedFetchError(f"a document may not fetch {url}")
        return URLFetcherResponse(url, picture.content, {"Content-Type": picture.media_type})


def _own(url: str) -> Picture | None:
    name = url.removeprefix(SCHEME)
    content = assets().get(name) if url.startswith(SCHEME) else None
    return None if content is None else Picture(content, TYPES[Path(name).suffix])
