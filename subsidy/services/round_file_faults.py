"""A fault in a round file: where it is, what it is in a code, and parameters for the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `place` is the way from the top of the document to it."""

    place: Place
    code: str
    params: Mapping[str, JsonValue] = field(default_factory=dict, hash=False)

    @property
    def pointer(self) -> str:
        """The JSON Pointer (RFC 6901) of the fault; of the whole document it is empty."""
        return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in self.place)


class RoundFileError(Exception):
    """A round file cannot be brought in; carries every fault, in the order of the document."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=_in_order))
        super().__init__(f"{len(self.faults)} faults")


def _in_order(fault: Fault) -> tuple[list[tuple[bool, int, str]], str]:
    steps = [(isinstance(step, str), step if isinstance(step, int) else 0, str(step)) for step in fault.place]
    return steps, fault.code
