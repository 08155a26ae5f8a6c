"""The division of reviewers over files as a network: units of work flow from files to people.

Columns: a pair; a unit that a file misses; a unit of work of a person, each dearer than the one before; a
unit of work above what a person can take (only to give advice); a file without a lay reviewer. Rows: what a
file needs; what a person does; and per file at least one of its lay people. Every column stands in at most
one row of files (or, inside it, of lay people) and one of persons: a network, so corners are whole.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workflows import assignment_lp as lp
from workflows.assignment import EVEN, POINT, File, Pair, Problem, Reviewer, expertise, obstacle
from workflows.assignment_lp import Floats, Program
from workflows.assignment_start import first_division


@dataclass(slots=True)
class _Columns:
    """Columns under construction: an upper bound and the rows with their values."""

    upper: list[float]
    starts: list[int]
    rows: list[int]
    values: list[float]

    def add(self, upper: float, entries: Sequence[tuple[int, float]]) -> None:
        """Append a column."""
        self.upper.append(upper)
        self.rows += [row for row, _value in entries]
        self.values += [value for _row, value in entries]
        self.starts.append(len(self.rows))


@dataclass(frozen=True, slots=True)
class Network:
    """The program with what its columns mean: ranges of columns, in this order."""

    program: Program
    pairs: tuple[Pair, ...]
    missing: tuple[tuple[int, int], ...]
    work: tuple[tuple[int, int], ...]
    extra: tuple[tuple[int, int], ...]
    without_lay: tuple[int, ...]
    goals: tuple[Floats, ...]
    start: Floats

    def chosen(self, values: Floats) -> tuple[Pair, ...]:
        """Give the pairs in a solution."""
        return tuple(pair for pair, value in zip(self.pairs, values, strict=False) if value > lp.SOMETHING)

    def short(self, values: Floats) -> dict[int, int]:
        """Count what each file misses in a solution; files that miss nothing are left out."""
        return _count(values, self.missing, len(self.pairs))

    def raised(self, values: Floats) -> dict[int, int]:
        """Count by how much each person goes above what they can take; who does not is left out."""
        begin = len(self.pairs) + len(self.missing) + len(self.work)
        return _count(values, self.extra, begin)


def _count(values: Floats, units: Sequence[tuple[int, int]], begin: int) -> dict[int, int]:
    counts: dict[int, int] = {}
    for at, (number, _unit) in enumerate(units, begin):
        if values[at] > lp.SOMETHING:
            counts[number] = counts.get(number, 0) + 1
    return counts


def in_order(problem: Problem) -> Problem:
    """Give the same problem with files and reviewers in order of their numbers."""
    return replace(
        problem,
        files=tuple(sorted(problem.files, key=lambda one: one.id)),
        reviewers=tuple(sorted(problem.reviewers, key=lambda one: one.id)),
    )


def shortages(problem: Problem) -> dict[int, int]:
    """Count how many reviewers each file still needs; files that need none are left out."""
    have: dict[int, int] = {}
    for file, _reviewer in problem.kept:
        have[file] = have.get(file, 0) + 1
    lacks = {one.id: one.needed - have.get(one.id, 0) for one in problem.files}
    return {file: number for file, number in lacks.items() if number > 0}


def network(problem: Problem, *, raised_by: int = 0) -> Network:
    """Build the network of a problem, in which people may take `raised_by` more than they can."""
    lacks, taken = shortages(problem), problem.taken()
    files = [one for one in problem.files if one.id in lacks]
    people = [one for one in problem.reviewers if raised_by or taken[one.id] < one.most]
    allowed = [
        (file, person) for file in files for person in people if obstacle(problem, file, person) is None
    ]
    file_row = {one.id: at for at, one in enumerate(files)}
    person_row = {one.id: len(files) + at for at, one in enumerate(people)}
    lay_row = _lay_rows(problem, files, allowed, len(files) + len(people))
    columns = _Columns([], [0], [], [])
    for file, person in allowed:
        entries = [(file_row[file.id], 1.0), (person_row[person.id], 1.0)]
        if person.lay and file.id in lay_row:
            entries.append((lay_row[file.id], 1.0))
        columns.add(1.0, entries)
    missing = [(one.id, unit) for one in files for unit in range(lacks[one.id])]
    for number, _unit in missing:
        columns.add(1.0, [(file_row[number], 1.0)])
    work = [
        (one.id, unit) for one in people for unit in range(min(len(files), max(0, one.most - taken[one.id])))
    ]
    for number, _unit in work:
        columns.add(1.0, [(person_row[number], -1.0)])
    extra = [(one.id, unit) for one in people for unit in range(raised_by)]
    for number, _unit in extra:
        columns.add(1.0, [(person_row[number], -1.0)])
    for row in lay_row.values():
        columns.add(1.0, [(row, 1.0)])
    needs = np.array([lacks[one.id] for one in files], dtype=float)
    level = np.concatenate([needs, np.zeros(len(people)), np.ones(len(lay_row))])
    high = level.copy()
    high[len(files) + len(people) :] = lp.INFINITE
    program = Program(
        upper=np.array(columns.upper),
        low=level,
        high=high,
        starts=np.array(columns.starts, dtype=np.int32),
        rows=np.array(columns.rows, dtype=np.int32),
        values=np.array(columns.values),
    )
    made = Network(
        program=program,
        pairs=tuple((file.id, person.id) for file, person in allowed),
        missing=tuple(missing),
        work=tuple(work),
        extra=tuple(extra),
        without_lay=tuple(lay_row),
        goals=(),
        start=np.zeros(program.columns),
    )
    goals = _goals(problem, made, allowed, people, taken)
    return replace(made, goals=goals, start=_start(made, allowed, lacks, taken))


def _start(
    made: Network,
    allowed: Sequence[tuple[File, Reviewer]],
    lacks: Mapping[int, int],
    taken: Mapping[int, int],
) -> Floats:
    """Write a first division as a solution."""
    chosen = first_division(allowed, lacks, taken)
    got = Counter(file for file, _person in chosen)
    does = Counter(person for _file, person in chosen)
    lay = {file.id for file, person in allowed if person.lay and (file.id, person.id) in chosen}
    values = [pair in chosen for pair in made.pairs]
    values += [unit < lacks[file] - got[file] for file, unit in made.missing]
    values += [unit < does[person] for person, unit in made.work]
    values += [False] * len(made.extra)
    values += [file not in lay for file in made.without_lay]
    return np.array(values, dtype=float)


def _lay_rows(
    problem: Problem, files: Sequence[File], allowed: Sequence[tuple[File, Reviewer]], first: int
) -> dict[int, int]:
    """Number the rows of the files that want a lay reviewer, could have one and have none yet."""
    if not problem.wants_lay:
        return {}
    lay = {one.id for one in problem.reviewers if one.lay}
    have = {file for file, person in problem.kept if person in lay}
    could = {file.id for file, person in allowed if person.lay}
    wanting = [one.id for one in files if one.id in could - have]
    return {file: first + at for at, file in enumerate(wanting)}


def _goals(
    problem: Problem,
    made: Network,
    allowed: Sequence[tuple[File, Reviewer]],
    people: Sequence[Reviewer],
    taken: Mapping[int, int],
) -> tuple[Floats, ...]:
    size, pairs = made.program.columns, len(made.pairs)
    begin_work = pairs + len(made.missing)
    begin_extra = begin_work + len(made.work)
    most_warnings = max((len(problem.warnings(pair)) for pair in made.pairs), default=0)

    def goal(begin: int, costs: Sequence[float]) -> Floats:
        whole = np.zeros(size)
        whole[begin : begin + len(costs)] = costs
        return whole

    warnings = goal(0, [float(len(problem.warnings(pair))) for pair in made.pairs])
    # What differs between two divisions is chains that pass each person once. No chain wins by the spread,
    # by the work above the most or by warnings what a missing reviewer more costs: one goal says it all.
    dear = 1.0 + max((unit for _file, unit in made.missing), default=0) + most_warnings * len(people)
    dear += max((unit + 1 for _person, unit in made.extra), default=0)
    missing = goal(pairs, [dear + unit for _file, unit in made.missing])
    if made.extra:
        return (missing + warnings + goal(begin_extra, [unit + 1.0 for _person, unit in made.extra]),)
    best = goal(begin_work, _work_costs(made, people, taken))
    best[:pairs] = [-float(POINT * expertise(file, person)) for file, person in allowed]
    return (
        missing,
        goal(0, [-1.0 if pair in problem.previous else 0.0 for pair in made.pairs]),
        warnings,
        goal(begin_extra, [1.0] * len(made.without_lay)),
        best,
    )


def _work_costs(made: Network, people: Sequence[Reviewer], taken: Mapping[int, int]) -> list[float]:
    """Give what each next review of a person costs: the difference between two squares of their load."""
    most = {one.id: one.most for one in people}
    return [
        float(round(POINT * EVEN * (2 * (taken[person] + unit) + 1) / most[person]))
        for person, unit in made.work
    ]
