"""A first division to begin from, made at once: not the best, but there when the time is over too early."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from workflows.assignment import File, Pair, Reviewer, expertise


def first_division(
    allowed: Sequence[tuple[File, Reviewer]], lacks: Mapping[int, int], taken: Mapping[int, int]
) -> frozenset[Pair]:
    """Give every file in turn who has the least to do; files with the smallest choice go first."""
    able: defaultdict[int, list[tuple[File, Reviewer]]] = defaultdict(list)
    for file, person in allowed:
        able[file.id].append((file, person))
    load = Counter(taken)
    chosen: set[Pair] = set()
    for number in sorted(able, key=lambda one: (len(able[one]) - lacks[one], one)):
        free = [(file, person) for file, person in able[number] if load[person.id] < person.most]
        free.sort(key=lambda pair: (load[pair[1].id] / pair[1].most, -expertise(*pair), pair[1].id))
        for _file, person in free[: lacks[number]]:
            load[person.id] += 1
            chosen.add((number, person.id))
    return frozenset(chosen)
