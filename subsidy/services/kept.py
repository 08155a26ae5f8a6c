"""The last few of what was worked out, kept in the process by what it follows from.

Only for what is a pure function of its key, such as a digest: what is kept can then never be out of date. It
is bounded, so a worker that looks at many rounds does not grow.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """At most `most` values, and together at most `heaviest` by what `weigh` says of each.

    The one that came first goes first; the last that came always stays, however heavy.
    """

    def __init__(
        self, most: int, *, heaviest: int | None = None, weigh: Callable[[Value], int] = lambda _: 1
    ) -> None:
        self._most = most
        self._heaviest = most if heaviest is None else heaviest
        self._weigh = weigh
        self._values: dict[Hashable, Value] = {}

    def __contains__(self, key: Hashable) -> bool:
        """Tell whether something is kept under this key."""
        return key in self._values

    def clear(self) -> None:
        """Keep nothing any more."""
        self._values.clear()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Give what is kept under this key, worked out now when it is not there."""
        found = self._values.get(key)
        return self.put(key, compute()) if found is None else found

    def put(self, key: Hashable, value: Value) -> Value:
        """Keep this under its key, in the place of what was there, and give it back."""
        self._values.pop(key, None)
        self._values[key] = value
        while len(self._values) > 1 and self._too_much():
            self._values.pop(next(iter(self._values)), None)
        return value

    def _too_much(self) -> bool:
        together = sum(self._weigh(one) for one in self._values.values())
        return len(self._values) > self._most or together > self._heaviest
