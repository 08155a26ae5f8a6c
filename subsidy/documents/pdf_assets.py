"""The only files that a document may hold: our own images, by name, from one folder.

Everything else that a document asks for (a file, an address, even a data URL) is refused and
remembered, so that the renderer can refuse the whole document: a letter that asked for more than
our own files is a fault, never something to send.
"""

from functools import cache
from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ASSETS = TEMPLATES / "pdf" / "assets"
SCHEME = "asset:"
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


class RefusedFetchError(OSError):
    """A document asked for something that is not one of our own images."""


@cache
def assets() -> dict[str, bytes]:
    """Return the content of every image in the folder by file name, read once per process."""
    return {path.name: path.read_bytes() for path in sorted(ASSETS.iterdir()) if path.suffix in TYPES}


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type information
    """Answer `asset:NAME` from memory; refuse and remember all else. It opens no file and no socket."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url: str, _headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the image; raises RefusedFetchError for any other address."""
        name = url.removeprefix(SCHEME)
        content = assets().get(name) if url.startswith(SCHEME) else None
        if content is None:
            self.refused.append(url)
            raise RefusedFetchError(f"a document may not fetch {url}")
        return URLFetcherResponse(url, content, {"Content-Type": TYPES[Path(name).suffix]})
