"""The municipalities to pick from, and the larger areas whose municipalities go together."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from forms.choices import Offer, Place
from workflows.definition import Section, SectionKind
from workflows.regions import Municipality, Reference

Areas = Mapping[str, tuple[str, ...]]

# What municipalities are part of, each with its code and name.
AREAS: Mapping[str, Callable[[Municipality], tuple[str, str]]] = {
    "ggd": lambda one: (one.ggd_code, one.ggd),
    "zorgkantoor": lambda one: (one.zk_code, one.zorgkantoor),
    "province": lambda one: (one.province_code, one.province),
}
# Nobody looks for these under the name that Statistics Netherlands gives them.
DAILY_NAMES = {"'s-Gravenhage": "Den Haag", "'s-Hertogenbosch": "Den Bosch"}


def places_offer(offer: Offer, reference: Reference, headings: Mapping[str, str]) -> Offer:
    """Add the municipalities, per province and by name, and the larger areas.

    `headings` are the words for ggd, zorgkantoor and province.
    """
    known = reference.municipalities.values()
    former = _former_names(reference)
    places = (
        Place(
            one.code,
            _shown(one.name),
            one.province,
            tuple(part(one)[0] for part in AREAS.values()),
            tuple(former.get(one.code, ())),
        )
        for one in known
    )
    return replace(
        offer,
        municipalities=tuple(sorted(places, key=lambda place: (place.heading, place.label))),
        areas=tuple(
            Place(code, name, headings[heading])
            for heading, part in AREAS.items()
            for name, code in sorted({part(one)[::-1] for one in known})
        ),
        former=reference.former,
    )


def areas_of(section: Section, reference: Reference) -> Areas:
    """Give the municipalities of each larger area, for a section that asks a region."""
    if section.kind is not SectionKind.REGION:
        return {}
    members: dict[str, list[str]] = {}
    for one in sorted(reference.municipalities.values(), key=lambda one: one.name):
        for part in AREAS.values():
            members.setdefault(part(one)[0], []).append(one.code)
    return {code: tuple(codes) for code, codes in members.items()}


def _shown(name: str) -> str:
    return f"{DAILY_NAMES[name]} ({name})" if name in DAILY_NAMES else name


def _former_names(reference: Reference) -> dict[str, list[str]]:
    """Give the names of former municipalities by the code of the one that they are part of now."""
    names: dict[str, list[str]] = {}
    for code, name in reference.former_names.items():
        if (today := reference.resolve(code)) is not None and name != reference.municipalities[today].name:
            names.setdefault(today, []).append(name)
    return names
