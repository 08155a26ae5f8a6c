"""Print the Debian packages that the letters need and this machine lacks, on one line.

Without libharfbuzz-subset0 WeasyPrint works, but falls back to a subsetter that makes letters 3.6 times
slower, and says nothing: so the library is asked for by name.
"""

import ctypes
from pathlib import Path

LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
FONT_PACKAGE = "fonts-noto-core"
FONT_FILE = "NotoSans-Regular.*"
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
)


def main() -> None:
    """Print what is missing; nothing when all is there."""
    missing = [package for package, library in LIBRARIES.items() if not _loads(library)]
    if not any(next(folder.rglob(FONT_FILE), None) for folder in FONT_FOLDERS if folder.is_dir()):
        missing.append(FONT_PACKAGE)
    print(" ".join(missing))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
