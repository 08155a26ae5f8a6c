"""What a run of bench_letters found: turn by turn, both ways, and which limits were missed."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

RATIO, SPEED_UP, GROWTH_MB = 1.0, 1.85, 20.0
# Fonts, templates and caches are there after so many letters; what comes on top is growth.
SETTLED = 100
Told = dict[str, float]


@dataclass
class Turns:
    """What one way of drawing took, turn by turn: letters, wall seconds, processor seconds."""

    letters: list[int] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, told: Sequence[Told]) -> None:
        """Keep a turn that these processes did together."""
        self.letters.append(int(sum(one["letters"] for one in told)))
        self.wall.append(max(one["end"] for one in told) - min(one["begin"] for one in told))
        self.cpu.append(sum(one["cpu"] for one in told))

    def speeds(self) -> list[float]:
        """Letters a second of each turn."""
        return [count / seconds for count, seconds in zip(self.letters, self.wall, strict=True)]

    @property
    def per_second(self) -> float:
        """Letters a second, over all turns."""
        return sum(self.letters) / sum(self.wall)

    @property
    def cpu_each(self) -> float:
        """Processor seconds for one letter."""
        return sum(self.cpu) / sum(self.letters)


def times_as_fast(ours: Turns, other: Turns) -> float:
    """Give the median over the turns of how many times as fast one is: what disturbs a turn disturbs both."""
    return statistics.median(mine / its for mine, its in zip(ours.speeds(), other.speeds(), strict=True))


@dataclass
class Measured:
    """The turns of both ways by the number of processes, and the memory of the first process in MB."""

    database: str
    ours: dict[int, Turns]
    plain: dict[int, Turns]
    memory: list[tuple[int, float]]

    @property
    def ratios(self) -> dict[int, float]:
        """How many times as fast as plain, by the number of processes."""
        return {number: times_as_fast(self.ours[number], self.plain[number]) for number in self.ours}

    @property
    def speed_up(self) -> float:
        """How many times as fast two of our processes are as one."""
        return times_as_fast(self.ours[2], self.ours[1])

    @property
    def growth_mb(self) -> float:
        """How much a process grew after its first hundred letters."""
        settled: float = next(
            (size for letters_, size in self.memory if letters_ >= SETTLED), self.memory[0][1]
        )
        return self.memory[-1][1] - settled

    def missed(self) -> list[str]:
        """Say which limits were missed."""
        found = [
            f"{number} process{'es' if number > 1 else ''}: {ratio:.2f} x plain, at least {RATIO}"
            for number, ratio in self.ratios.items()
            if ratio < RATIO
        ]
        if self.speed_up < SPEED_UP:
            found.append(f"2 processes: {self.speed_up:.2f} x one, at least {SPEED_UP}")
        if self.growth_mb > GROWTH_MB:
            found.append(f"memory grew {self.growth_mb:.0f} MB, at most {GROWTH_MB:.0f}")
        return [f"{self.database}: {one}" for one in found]

    def table(self) -> str:
        """Write it out."""
        lines = [
            f"{self.database}",
            "processes  ours/s  plain/s  ratio   cpu s a letter: ours  plain  ratio",
        ]
        for number, ours in self.ours.items():
            plain = self.plain[number]
            lines.append(
                f"{number:9}  {ours.per_second:6.2f}  {plain.per_second:7.2f}  {self.ratios[number]:5.2f}"
                f"  {ours.cpu_each:20.3f}  {plain.cpu_each:5.3f}  {plain.cpu_each / ours.cpu_each:5.2f}"
            )
        plain_up = times_as_fast(self.plain[2], self.plain[1])
        lines.append(f"two beside one: ours {self.speed_up:.2f}, plain {plain_up:.2f}")
        lines.append(
            "memory of a process: "
            + ", ".join(f"{size:.0f} MB at {letters_}" for letters_, size in self.memory)
            + f"; grew {self.growth_mb:.1f} MB"
        )
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Give all of it, for a file."""
        return {
            "database": self.database,
            "ratios": self.ratios,
            "speed_up": self.speed_up,
            "growth_mb": self.growth_mb,
            "memory_mb": self.memory,
            "turns": {
                f"{way}, {number}": {"letters": one.letters, "wall": one.wall, "cpu": one.cpu}
                for way, by_number in (("ours", self.ours), ("plain", self.plain))
                for number, one in by_number.items()
            },
        }
