"""The Dutch catalogue: take strings from the sources, compile, and check that nothing is missing.

- translations.py extract: add new source strings to the catalogue, drop those that are gone
- translations.py compile: write the .mo file that the program reads; skipped when it is up to date
- translations.py check: fail on a missing, doubtful or broken translation, or a string not yet extracted
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "subsidy/translations/nl/LC_MESSAGES/messages.po"
SOURCES = ("subsidy", "forms", "workflows", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def main() -> int:
    """Run one of the commands; returns the exit code."""
    commands: dict[str, Callable[[], int]] = {
        "extract": extract,
        "compile": compile_catalogue,
        "check": check,
    }
    command = commands.get(" ".join(sys.argv[1:]))
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    return command()


def source_strings() -> Catalog:
    """Every string in the sources that a person may read."""
    catalogue = Catalog()
    for folder in SOURCES:
        found = extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS)
        for filename, _line, message, _comments, context in found:
            # No line numbers: a moved line is no change of the catalogue.
            catalogue.add(message, locations=[(f"{folder}/{filename}", 0)], context=context)
    return catalogue


def stored() -> Catalog:
    """The catalogue as it is kept; empty when there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale="nl")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="nl")


def extract() -> int:
    """Bring the catalogue in step with the sources; new strings get an empty translation."""
    catalogue = stored()
    catalogue.update(source_strings(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, sort_output=True, omit_header=False)
    return 0


def compile_catalogue() -> int:
    """Write the compiled catalogue beside its source."""
    target = CATALOGUE.with_suffix(".mo")
    if not CATALOGUE.exists():
        return 0
    if target.exists() and target.stat().st_mtime_ns >= CATALOGUE.stat().st_mtime_ns:
        return 0
    with target.open("wb") as file:
        write_mo(file, stored())
    return 0


def check() -> int:
    """Name every fault of the catalogue; returns 1 when there is one."""
    sources = source_strings()
    found = faults(stored(), sources)
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"Translations: {len(list(sources)) - 1} strings, {len(found)} faults.")
    return 1 if found else 0


def faults(catalogue: Catalog, sources: Catalog) -> list[str]:
    """What is wrong with `catalogue` as a translation of `sources`, one line each."""
    known = {message.id for message in catalogue if message.id}
    wanted = {message.id for message in sources if message.id}
    found = [f"not in the catalogue: {_shown(text)}" for text in wanted - known]
    found += [f"no longer in the sources: {_shown(text)}" for text in known - wanted]
    for message in catalogue:
        if message.id and message.id in wanted:
            found += _faults_of(message)
    return sorted(found)


def _faults_of(message: Message) -> list[str]:
    sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
    stored_strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    translations = [translation or "" for translation in stored_strings]
    if message.fuzzy:
        return [f"doubtful (fuzzy): {_shown(message.id)}"]
    if len(translations) < len(sources) or not all(translations):
        return [f"not translated: {_shown(message.id)}"]
    # A plural may leave the number out of its singular, never the other way round.
    wanted = {name for source in sources for name in PLACEHOLDER.findall(source)}
    used = [set(PLACEHOLDER.findall(translation)) for translation in translations]
    broken = used[-1] != set(PLACEHOLDER.findall(sources[-1])) or any(not names <= wanted for names in used)
    return [f"placeholders differ: {_shown(message.id)}"] if broken else []


def _shown(text: str | tuple[str, ...] | list[str]) -> str:
    return repr(text if isinstance(text, str) else text[0])


if __name__ == "__main__":
    sys.exit(main())
