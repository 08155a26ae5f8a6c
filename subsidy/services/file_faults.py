"""A fault in a file that is brought in: where it is, what it is in a code, and parameters for the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `place` is the way from the top of the document to it: names, and numbers in a list."""

    place: Place
    code: str
    params: Mapping[str, JsonValue] = field(default_factory=dict, hash=False)

    @property
    def pointer(self) -> str:
        """The JSON Pointer (RFC 6901) of the fault; of the whole document it is empty."""
        return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in self.place)


class FaultyFileError(Exception):
    """A file cannot be brought in; carries every fault, in the order of the document."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=_in_order))
        super().__init__(f"{len(self.faults)} faults")


def _in_order(fault: Fault) -> tuple[bool, list[tuple[int, str]], str]:
    """Put what is said of the round before the applications, and members of a list in their order."""
    steps = [(step, "") if isinstance(step, int) else (-1, step) for step in fault.place]
    return fault.place[:1] == ("applications",), steps, fault.code
