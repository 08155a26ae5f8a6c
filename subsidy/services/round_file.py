"""A round file (subsidy-round/1): one round as JSON, read into the values that the core knows.

The road of a file: exact_json reads it, round_file_schema checks the shape, round_file_checks what a
schema cannot say, and the typed values have the last word. Only then is anything stored.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Application, Round
from subsidy.services import exact_json
from subsidy.services.file_faults import Fault, FaultyFileError, Place
from subsidy.services.round_file_checks import faults_beyond_schema, references_in, taken_faults
from subsidy.services.round_file_schema import schema_faults
from workflows.definition import RoundDefinition
from workflows.kinds import definition_for
from workflows.regions import Reference
from workflows.rules import Rules
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot

FORMAT = "subsidy-round/1"
LONGEST_IN = 10_000
RULES = ("round", "rules")

Value = TypeVar("Value", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class RoundFile:
    """A round file without faults; `own_definition` tells whether the definition stood in it."""

    round: RoundSnapshot
    definition: RoundDefinition
    own_definition: bool
    applications: list[ApplicationSnapshot]


def read_round_file(content: bytes, reference: Reference) -> RoundFile:
    """Read and check a whole file, against this installation too; stores nothing.

    Raises FaultyFileError with every fault.
    """
    document, faults = exact_json.read(content)
    if document is None:
        raise FaultyFileError(faults or [Fault((), "type", {"asked": "object"})])
    found = _Found(document, faults)
    found.add(schema_faults(document))
    found.add(faults_beyond_schema(document, reference))
    found.add(_taken(document))
    read = _Typed(found)
    given = _member(document, "round")
    rules = read(Rules, RULES)
    round_ = read(RoundSnapshot, ("round",), without=("definition",))
    own_definition = isinstance(given, dict) and "definition" in given
    definition = read(RoundDefinition, ("round", "definition")) if own_definition else None
    applications = _member(document, "applications")
    amount = len(applications) if isinstance(applications, list) else 0
    snapshots = [read(ApplicationSnapshot, ("applications", index)) for index in range(amount)]
    if found.faults or rules is None or round_ is None:
        raise FaultyFileError(found.faults.values())
    return RoundFile(
        round_,
        definition_for(round_.kind, rules) if definition is None else definition.with_rules(rules),
        own_definition,
        [one for one in snapshots if one is not None],
    )


def read_rules_file(content: bytes, reference: Reference) -> Rules:
    """Read a file that holds rules alone, in the shape of `rules` in a round file; stores nothing.

    Raises FaultyFileError with every fault; the file itself is the top of their places.
    """
    rules, faults = exact_json.read(content)
    if rules is None:
        raise FaultyFileError(faults or [Fault((), "type", {"asked": "object"})])
    found = _Found(rules, faults)
    found.add(schema_faults(rules, part="rules"))
    found.add(
        Fault(fault.place[len(RULES) :], fault.code, fault.params)
        for fault in faults_beyond_schema({"round": {"rules": rules}}, reference)
        if fault.place[: len(RULES)] == RULES
    )
    read = _Typed(found)(Rules, ())
    if found.faults or read is None:
        raise FaultyFileError(found.faults.values())
    return read


class _Found:
    """Faults of one document: the first at each place, for the next often says the same in other words."""

    def __init__(self, document: object, faults: Iterable[Fault]) -> None:
        self.document = document
        self.faults: dict[tuple[Place, object], Fault] = {}
        self.add(faults)

    def add(self, faults: Iterable[Fault]) -> None:
        """Put faults in; one at a place that is not there becomes a missing member of what is."""
        for given in faults:
            there = _as_far_as_there(self.document, given.place)
            missing = given.place[len(there) : len(there) + 1]
            fault = Fault(there, "required", {"name": str(missing[0])}) if missing else given
            name = fault.params["name"] if fault.code == "required" else None
            self.faults.setdefault((fault.place, name), fault)


class _Typed:
    """Reads parts of a document as values of the core, and keeps what the core refuses."""

    def __init__(self, found: _Found) -> None:
        self.found = found

    def __call__(self, model: type[Value], place: Place, without: Collection[str] = ()) -> Value | None:
        """Read the part at a place; None when it has faults."""
        part = _at(self.found.document, place)
        if isinstance(part, dict) and without:
            part = {name: one for name, one in part.items() if name not in without}
        try:
            return model.model_validate(part)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
            self.found.add(
                Fault((*place, *detail["loc"]), detail["type"], {"reason": detail["msg"]})
                for detail in details
            )
            return None


def _taken(document: object) -> Iterator[Fault]:
    slugs = set(db.session.scalars(select(Round.slug)))
    names = references_in(document)
    taken: set[str] = set()
    for start in range(0, len(names), LONGEST_IN):
        query = select(Application.reference).where(
            Application.reference.in_(names[start : start + LONGEST_IN])
        )
        taken.update(name for name in db.session.scalars(query) if name is not None)
    return taken_faults(document, slugs, taken)


def _as_far_as_there(document: object, place: Place) -> Place:
    """Give the first steps of a place that can be taken in the document."""
    part = document
    for taken, step in enumerate(place):
        known = range(len(part)) if isinstance(part, list) else part if isinstance(part, dict) else ()
        if step not in known:
            return place[:taken]
        part = _member(part, step)
    return place


def _at(document: object, place: Place) -> object:
    """Give the part at a place; None when it is not there."""
    part = document
    for step in place:
        part = _member(part, step)
    return part


def _member(parent: object, step: str | int) -> object:
    if isinstance(parent, list):
        return parent[step] if isinstance(step, int) and step < len(parent) else None
    return parent.get(step) if isinstance(parent, dict) else None
