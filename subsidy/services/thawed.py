"""A frozen round with what its own rules give from it: thawed, ranked and divided once for several readers.

The order and the division are a pure function of the frozen round, and its digest is their key: they are
kept for who looks again, and the explanation of a decision and the scenarios share them. Who has to be
certain makes them anew (`make`); who explains a decision checks the bytes first (`frozen.read`).
"""

from dataclasses import dataclass

from subsidy.services import calculations, frozen
from subsidy.services.calculations import Material
from subsidy.services.kept import Kept
from workflows.award import Allocation
from workflows.scoring import Ranked

# A round of 2,000 applications with three reviews each takes some 22 MB: the number of applications bounds
# what a worker holds, the number of rounds does so for the small ones of a first-come round.
MOST_ROUNDS, MOST_APPLICATIONS = 8, 4_000


@dataclass(frozen=True, slots=True)
class Thawed:
    """A frozen round, its order (fundable first), and its division by reference."""

    material: Material
    ranking: tuple[Ranked, ...]
    division: tuple[Allocation, ...]


_kept: Kept[Thawed] = Kept(
    MOST_ROUNDS, heaviest=MOST_APPLICATIONS, weigh=lambda one: len(one.material.applications)
)


def make(digest: str, stored: bytes | None = None) -> Thawed:
    """Thaw a round and calculate all of it, whatever was kept; `stored` as for `frozen.thaw`.

    Raises FrozenDamagedError.
    """
    material = frozen.thaw(digest, stored)
    ranking = calculations.rank(material)
    return _kept.put(digest, Thawed(material, ranking, calculations.divide(material, ranking)))


def look(digest: str, stored: bytes | None = None) -> Thawed:
    """Give the same, kept from an earlier look where there was one. Raises FrozenDamagedError."""
    return _kept.get(digest, lambda: make(digest, stored))


def holds(digest: str) -> bool:
    """Tell whether this round is kept, so that its content need not be read."""
    return digest in _kept


def forget() -> None:
    """Let go of everything, for a test that counts."""
    _kept.clear()
