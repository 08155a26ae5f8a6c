"""Load from one process over a few kept-alive connections, in slices that alternate between two subjects."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

CONNECTIONS = 4


@dataclass
class Subject:
    """What to ask for: address, headers, the form of each next POST, and a path per connection."""

    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Callable[[int], Mapping[str, str]] | None = None
    expect: tuple[int, ...] = (200,)
    paths: Sequence[str] = ()


def requests_per_second(subject: Subject, seconds: float) -> float:
    """Ask for `seconds` over CONNECTIONS connections; raises RuntimeError on an unexpected answer."""
    counts: list[int] = [0] * CONNECTIONS
    faults: list[str] = []
    until = time.monotonic() + seconds

    def ask(number: int) -> None:
        parts = urlsplit(subject.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if subject.paths:
            path = subject.paths[number]
        while time.monotonic() < until and not faults:
            if subject.form is None:
                connection.request("GET", path, headers=dict(subject.headers))
            else:
                body = urlencode(subject.form(number))
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", path, body=body, headers={**subject.headers, **kind})
            answer = connection.getresponse()
            content = answer.read()
            if answer.status not in subject.expect:
                faults.append(f"{subject.name}: {answer.status} {content[:300]!r}")
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return sum(counts) / (time.monotonic() - started)


@dataclass(frozen=True)
class Comparison:
    """Medians of two subjects measured in turns, requests a second."""

    name: str
    ours: float
    floor: float
    wanted: float

    @property
    def ratio(self) -> float:
        """Ours over the floor; at least `wanted` is good."""
        return self.ours / self.floor


def compare(
    name: str, ours: Subject, floor: Subject, *, wanted: float, slices: int, seconds: float
) -> Comparison:
    """Measure both in turns, after one slice of each to warm up."""
    requests_per_second(ours, seconds)
    requests_per_second(floor, seconds)
    mine, theirs = [], []
    for _ in range(slices):
        mine.append(requests_per_second(ours, seconds))
        theirs.append(requests_per_second(floor, seconds))
    return Comparison(name, statistics.median(mine), statistics.median(theirs), wanted)
