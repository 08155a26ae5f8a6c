"""Faults of a round file beyond its schema.

They are looked for in the raw document, which may have faults against the schema as well: a person who
corrects a file wants to see all of them at once. What has the wrong shape is passed over here.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from subsidy.services.file_faults import Fault, Place
from subsidy.services.round_file_schema import instant_of
from workflows.regions import Reference
from workflows.rules import TieBreak

Object = Mapping[str, Any]
Scales = Mapping[str, tuple[Decimal | int, Decimal | int] | None] | None


def faults_beyond_schema(document: object, reference: Reference) -> Iterator[Fault]:
    """Give every fault that a schema cannot express; `reference` is what municipalities are looked up in."""
    round_ = _object(document, "round")
    rules = _object(round_, "rules")
    yield from _round_faults(round_)
    yield from _rules_faults(rules)
    yield from _unknown_municipalities(
        _list(rules, "allowed_municipalities"), ("round", "rules", "allowed_municipalities"), reference
    )
    scales = _scales(rules)
    applications = _list(document, "applications")
    yield from _repetitions(applications, "reference", ("applications",), "reference_repeated")
    yield from _missing_outcomes(applications)
    for index, application in enumerate(applications):
        place = ("applications", index)
        yield from _region_faults(_object(application, "region"), (*place, "region"), reference)
        yield from _assessment_faults(application, place, scales)
        yield from _inexact(_object(application, "answers"), (*place, "answers"))


def taken_faults(document: object, slugs: Collection[str], references: Collection[str]) -> Iterator[Fault]:
    """Tell which of these slugs and references, known in this installation, the file gives again."""
    slug = _object(document, "round").get("slug")
    if isinstance(slug, str) and slug in slugs:
        yield Fault(("round", "slug"), "slug_taken", {"slug": slug})
    for index, application in enumerate(_list(document, "applications")):
        name = _text(application, "reference")
        if name is not None and name in references:
            yield Fault(("applications", index, "reference"), "reference_taken", {"reference": name})


def references_in(document: object) -> list[str]:
    """Give the references that a document names, as far as they are text."""
    names = (_text(one, "reference") for one in _list(document, "applications"))
    return [name for name in names if name is not None]


def _round_faults(round_: Object) -> Iterator[Fault]:
    opens, closes = instant_of(round_.get("opens_at")), instant_of(round_.get("closes_at"))
    if opens is not None and closes is not None and closes <= opens:
        yield Fault(("round", "closes_at"), "closes_before_opening")


def _rules_faults(rules: Object) -> Iterator[Fault]:
    place: Place = ("round", "rules")
    criteria = _list(rules, "criteria")
    yield from _repetitions(criteria, "id", (*place, "criteria"), "criterion_repeated")
    for index, criterion in enumerate(criteria):
        best, worst = _number(criterion, "best"), _number(criterion, "worst")
        if best is not None and best == worst:
            yield Fault((*place, "criteria", index, "best"), "scale_empty")
    tie_break = _list(rules, "tie_break")
    known = {_text(criterion, "id") for criterion in criteria} | {one.value for one in TieBreak}
    for index, name in enumerate(tie_break):
        if isinstance(name, str) and name not in known:
            yield Fault((*place, "tie_break", index), "tie_break_unknown", {"name": name})
    if TieBreak.LOT.value in tie_break and "lot_seed" not in rules:
        yield Fault(place, "required", {"name": "lot_seed"})


def _region_faults(region: Object, place: Place, reference: Reference) -> Iterator[Fault]:
    municipalities = _list(region, "municipalities")
    yield from _unknown_municipalities(municipalities, (*place, "municipalities"), reference)
    neighbourhoods = _list(region, "neighbourhoods")
    for index, code in enumerate(neighbourhoods):
        if isinstance(code, str) and f"GM{code[2:6]}" not in municipalities:
            yield Fault((*place, "neighbourhoods", index), "neighbourhood_outside", {"code": code})
    if neighbourhoods and "inhabitants" not in region:
        yield Fault(place, "required", {"name": "inhabitants"})


def _unknown_municipalities(codes: list[Any], place: Place, reference: Reference) -> Iterator[Fault]:
    for index, code in enumerate(codes):
        if isinstance(code, str) and reference.resolve(code) is None:
            yield Fault((*place, index), "municipality_unknown", {"code": code})


def _assessment_faults(application: object, place: Place, scales: Scales) -> Iterator[Fault]:
    reviews = _list(application, "reviews")
    yield from _repetitions(reviews, "reviewer", (*place, "reviews"), "reviewer_repeated")
    for index, review in enumerate(reviews):
        yield from _score_faults(_object(review, "scores"), (*place, "reviews", index, "scores"), scales)
    panel = _object(application, "panel")
    yield from _score_faults(_object(panel, "scores"), (*place, "panel", "scores"), scales)


def _score_faults(scores: Object, place: Place, scales: Scales) -> Iterator[Fault]:
    if scales is None:
        return
    for name in scores:
        if name not in scales:
            yield Fault((*place, name), "criterion_unknown", {"name": name})
            continue
        score, scale = _number(scores, name), scales[name]
        if score is not None and scale is not None and not scale[0] <= score <= scale[1]:
            params = {"score": str(score), "lowest": str(scale[0]), "highest": str(scale[1])}
            yield Fault((*place, name), "score_outside", params)


def _scales(rules: Object) -> Scales:
    """Give the lowest and highest score per criterion; None for one whose scale is not well given.

    None for all when the rules do not tell their criteria.
    """
    if not rules or not isinstance(rules.get("criteria", []), list):
        return None
    scales: dict[str, tuple[Decimal | int, Decimal | int] | None] = {}
    for criterion in _list(rules, "criteria"):
        name = _text(criterion, "id")
        best, worst = _number(criterion, "best"), _number(criterion, "worst")
        if name is not None:
            ends = None if best is None or worst is None else (min(best, worst), max(best, worst))
            scales.setdefault(name, ends)
    return scales


def _missing_outcomes(applications: list[Any]) -> Iterator[Fault]:
    without = [
        index
        for index, application in enumerate(applications)
        if isinstance(application, Mapping) and "outcome" not in application
    ]
    if len(without) < len(applications):
        yield from (Fault(("applications", index), "required", {"name": "outcome"}) for index in without)


def _repetitions(members: list[Any], key: str, place: Place, code: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, member in enumerate(members):
        name = _text(member, key)
        if name is not None and name in seen:
            yield Fault((*place, index, key), code, {"name": name})
        elif name is not None:
            seen.add(name)


def _inexact(part: Any, place: Place) -> Iterator[Fault]:
    """Find numbers in free answers that the store would round: it keeps those as double precision."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            yield from _inexact(value, (*place, name))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _inexact(value, (*place, index))
    elif isinstance(part, Decimal) and Decimal(repr(float(part))) != part:
        yield Fault(place, "number_inexact", {"number": str(part)})


def _object(parent: object, key: str) -> Object:
    value = parent.get(key) if isinstance(parent, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _list(parent: object, key: str) -> list[Any]:
    value = parent.get(key) if isinstance(parent, Mapping) else None
    return value if isinstance(value, list) else []


def _text(parent: object, key: str) -> str | None:
    value = parent.get(key) if isinstance(parent, Mapping) else None
    return value if isinstance(value, str) else None


def _number(parent: object, key: str) -> Decimal | int | None:
    value = parent.get(key) if isinstance(parent, Mapping) else None
    return value if isinstance(value, Decimal | int) and not isinstance(value, bool) else None
