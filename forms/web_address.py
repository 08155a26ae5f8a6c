"""Reading the address of a web page as people type it."""

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"(?!-)[^\s/?#@:.]+(?:\.[^\s/?#@:.]+)+\.?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def read_web_address(text: str) -> str | None:
    """Give the address with http:// or https:// before it; None for what is no address of a web page.

    Only its form is read: whether the page exists is not looked up, and a name or password in it is refused.
    """
    if not text or re.search(r"\s", text):
        return None
    address = text if _SCHEME.match(text) and not _HOST.match(text) else f"https://{text}"
    try:
        parts = urlsplit(address)
        port = parts.port  # read for its check: not every text is a port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or parts.username is not None or port == 0:
        return None
    return address if _HOST.fullmatch(parts.hostname or "") else None
