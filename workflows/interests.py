"""Signs that somebody may have an interest in an application, found without asking anyone (Awb 2:4).

A sign is a warning, never a verdict: the person says whether there is an interest, and the chair decides.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

# Where anybody can have an address: the same domain says nothing. Names under `.example` belong to nobody.
PUBLIC_DOMAINS = frozenset(
    {
        "aol.com",
        "caiway.nl",
        "casema.nl",
        "chello.nl",
        "freedom.nl",
        "gmail.com",
        "gmx.com",
        "gmx.net",
        "googlemail.com",
        "hetnet.nl",
        "home.nl",
        "hotmail.be",
        "hotmail.com",
        "hotmail.nl",
        "icloud.com",
        "kpnmail.nl",
        "kpnplanet.nl",
        "live.com",
        "live.nl",
        "mac.com",
        "mail.com",
        "me.com",
        "msn.com",
        "online.nl",
        "outlook.com",
        "outlook.nl",
        "planet.nl",
        "proton.me",
        "protonmail.com",
        "quicknet.nl",
        "solcon.nl",
        "tele2.nl",
        "telfort.nl",
        "upcmail.nl",
        "versatel.nl",
        "wxs.nl",
        "xs4all.nl",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.nl",
        "ziggo.nl",
        "zonnet.nl",
    }
)


class Code(StrEnum):
    """What a warning is about."""

    SAME_ORGANISATION = "same_organisation"
    SAME_KVK = "same_kvk"
    SAME_EMAIL_DOMAIN = "same_email_domain"
    PARTNER = "partner"
    CO_APPLICANT = "co_applicant"
    OWN_REGION = "own_region"


# So close that nobody is asked to review: the person takes part, or did so lately. The others can be chance.
CLOSE = frozenset({Code.SAME_ORGANISATION, Code.SAME_KVK, Code.PARTNER, Code.CO_APPLICANT})


class Kind(StrEnum):
    """What kind of interest somebody reports."""

    WORK = "work"
    FAMILY = "family"
    FINANCIAL = "financial"
    COOPERATION = "cooperation"
    DISPUTE = "dispute"
    INVOLVED = "involved"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of an interest; `params` says which organisation, domain, person or place it is about."""

    code: Code
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody who judges. Names of organisations in one spelling, as in `File`.

    `words` is the name as it is compared (`spelled`), `domain` that of the own e-mail address. `own_places`
    are the municipalities (CBS codes) they live or work in. `applied_with` are the accounts, and
    `applied_for` the organisations, with which they applied to other rounds lately.
    """

    id: int
    name: str
    words: str
    organisation: str = ""
    kvk: str | None = None
    domain: str | None = None
    own_places: frozenset[str] = frozenset()
    applied_with: frozenset[int] = frozenset()
    applied_for: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class File:
    """Who is behind an application: organisations by their name in one spelling, and by KvK number.

    `people` are the texts that name somebody, in one spelling; `members` accounts with their names; `places`
    municipalities by code. The values of the mappings are what people read.
    """

    organisations: Mapping[str, str]
    kvks: Mapping[str, str]
    people: tuple[str, ...] = ()
    members: Mapping[int, str] = field(default_factory=dict)
    domains: frozenset[str] = frozenset()
    places: Mapping[str, str] = field(default_factory=dict)


def warnings_for(person: Person, file: File) -> tuple[Sign, ...]:
    """Return the signs that this person has an interest in this application, the closest first."""
    found: list[Sign] = []
    if person.id in file.members or _named(person.words, file.people):
        found.append(Sign(Code.PARTNER, {"name": person.name}))
    if person.kvk and person.kvk in file.kvks:
        found.append(Sign(Code.SAME_KVK, {"organisation": file.kvks[person.kvk]}))
    if person.organisation and person.organisation in file.organisations:
        found.append(Sign(Code.SAME_ORGANISATION, {"organisation": file.organisations[person.organisation]}))
    together = sorted(file.members[one] for one in person.applied_with & file.members.keys())
    together += sorted(file.organisations[one] for one in person.applied_for & file.organisations.keys())
    if together:
        found.append(Sign(Code.CO_APPLICANT, {"with": ", ".join(dict.fromkeys(together))}))
    if person.domain in file.domains:
        found.append(Sign(Code.SAME_EMAIL_DOMAIN, {"domain": str(person.domain)}))
    own = person.own_places & file.places.keys()
    if own:
        found.append(Sign(Code.OWN_REGION, {"places": ", ".join(sorted(file.places[one] for one in own))}))
    return tuple(found)


def domain_of(address: str) -> str | None:
    """Return the domain of an e-mail address when it says where somebody works."""
    domain = address.rpartition("@")[2].strip().lower().rstrip(".")
    public = domain in PUBLIC_DOMAINS or domain == "example" or domain.endswith(".example")
    return None if not domain or public else domain


def spelled(text: str) -> str:
    """Write words as they are compared: no case, no accents, no punctuation, single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", plain))


def years_before(day: date, years: int) -> date:
    """Return the same day so many years earlier; for 29 February 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _named(words: str, texts: tuple[str, ...]) -> bool:
    """Whether a text names this person; a single word is only the whole text, else Jan is everywhere."""
    if " " not in words:
        return bool(words) and words in texts
    return any(f" {words} " in f" {text} " for text in texts)
