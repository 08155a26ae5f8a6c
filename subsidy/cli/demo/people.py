"""The accounts of the demo: named by their role, for no such people exist."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from subsidy.db import db
from subsidy.models import User
from subsidy.services import accounts, grants, mandate_giving
from subsidy.services.grants import actor_of
from subsidy.services.mandate_giving import Terms
from workflows.mandates import Power
from workflows.permissions import SYSTEM, Actor, Role

# A domain that never exists (RFC 2606): no mail of the demo can reach anybody.
DOMAIN = "demo.example"
# Before the history of the demo.
MANDATES_FROM = date(2019, 1, 1)
MANDATE_UP_TO = 5_000_000  # euro cents: what a network asks for fits, a continuation is more
PASSWORD = "samen-in-de-regio"  # noqa: S105  # of accounts that exist in the demo alone


@dataclass(frozen=True, slots=True)
class Person:
    """One account."""

    key: str
    name: str
    role: Role
    organisation: str = ""
    part: str = ""

    @property
    def email(self) -> str:
        """The address to log in with."""
        return f"{self.key}@{DOMAIN}"


SHOWN = (
    Person("aanvrager", "Demo Aanvrager", Role.APPLICANT, "Gemeente Zoetermeer"),
    Person("partner", "Demo Partner", Role.APPLICANT, "CZ", part="tekent voor een partner"),
    Person("referent1", "Demo Referent 1", Role.REVIEWER, "Zelfstandig adviseur"),
    Person("referent2", "Demo Referent 2", Role.REVIEWER, "Hogeschool"),
    Person("referent3", "Demo Referent 3", Role.REVIEWER, "Universiteit"),
    Person("referent4", "Demo Referent 4", Role.REVIEWER, "Kennisinstituut"),
    Person("referent5", "Demo Referent 5", Role.REVIEWER, "Patiëntenvereniging"),
    Person("referent6", "Demo Referent 6", Role.REVIEWER, "Zelfstandig adviseur"),
    Person("commissielid1", "Demo Commissielid 1", Role.REVIEWER, "Hogeschool", part="zit in de commissie"),
    Person(
        "commissielid2",
        "Demo Commissielid 2",
        Role.REVIEWER,
        "Zelfstandig adviseur",
        part="zit in de commissie",
    ),
    Person(
        "commissielid3",
        "Demo Commissielid 3",
        Role.REVIEWER,
        "Patiëntenvereniging",
        part="zit in de commissie",
    ),
    Person("voorzitter", "Demo Voorzitter", Role.CHAIR),
    Person("voorzitter2", "Demo Tweede Voorzitter", Role.CHAIR, part="vervangt de voorzitter"),
    Person("medewerker", "Demo Medewerker", Role.OFFICER),
    Person("medewerker2", "Demo Tweede Medewerker", Role.OFFICER),
    Person("financien", "Demo Financiën", Role.FINANCE),
    Person("evaluator", "Demo Evaluator", Role.EVALUATOR),
    Person("beheerder", "Demo Beheerder", Role.ADMINISTRATOR),
    Person("auditor", "Demo Auditor", Role.AUDITOR),
)
# More collaborations than one apply; each has an account of its own.
APPLICANTS = tuple(
    Person(f"aanvrager{number}", f"Demo Aanvrager {number}", Role.APPLICANT) for number in range(2, 9)
)

Persons = Mapping[str, User]


def load(*, now: datetime) -> Persons:
    """Make all accounts; by their key."""
    made = {person.key: _make(person, now) for person in (*SHOWN, *APPLICANTS)}
    _give_mandates(made, now=now)
    db.session.commit()
    return made


def actor(persons: Persons, key: str) -> Actor:
    """Give a person as the policy sees them."""
    return actor_of(persons[key])


def _give_mandates(persons: Persons, *, now: datetime) -> None:
    """Let both officers decide for as long as the demo goes back: one without limit, one up to an amount.

    The second had a narrower one before, which was withdrawn.
    """
    terms = Terms(
        frozenset(Power), "Programmamedewerker", "Mandaatbesluit subsidies, artikel 3", MANDATES_FROM
    )
    limited = replace(terms, up_to_cents=MANDATE_UP_TO, reference="Mandaatbesluit subsidies, artikel 4")
    narrow = replace(limited, powers=frozenset({Power.REJECT, Power.NOT_PROCESS}), up_to_cents=None)
    administrator = actor(persons, "beheerder")
    mandate_giving.give(persons["medewerker"], terms, actor=administrator, now=now)
    before = mandate_giving.give(persons["medewerker2"], narrow, actor=administrator, now=now)
    mandate_giving.withdraw(before, actor=administrator, now=now)
    mandate_giving.give(persons["medewerker2"], limited, actor=administrator, now=now)


def _make(person: Person, now: datetime) -> User:
    user = accounts.create(
        email=person.email,
        name=person.name,
        password=PASSWORD,
        organisation=person.organisation,
        now=now,
    )
    if person.role is not Role.APPLICANT:
        for row in list(user.grants):
            grants.take(SYSTEM, user, grant_id=row.id, now=now)
        grants.give(SYSTEM, user, role=person.role, round_id=None, now=now)
    db.session.flush()
    db.session.refresh(user)
    return user
