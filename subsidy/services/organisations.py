"""One organisation once: found by its KvK number, else by its name, made when it is new.

Organisations come from applications that were sent in or brought in, never from drafts. So a list of them
tells nobody who is applying now, and a number mistyped in a draft is not put on an organisation of others.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update

from subsidy.db import db
from subsidy.models import Application, Membership, Organisation, Participation, Round
from subsidy.services.organisation_names import legal_form, name_key

# As many values as one statement takes on either database, with room to spare.
MOST_AT_ONCE = 1000
MOST_SUGGESTED = 8
SHORTEST_QUERY = 2
# Own participations that are looked through for suggestions: somebody with more has the newest.
MOST_OWN = 300
# The name, on PostgreSQL, of the lock under which organisations are made.
MAKING = 7_202_603


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An organisation that somebody may mean; `kvk` has 8 digits."""

    name: str
    kvk: str | None


def settle(application: Application, *, now: datetime) -> None:
    """Link every participation to its organisation, at sending in; a new organisation is made.

    Comes after the lock on the round (its next reference) and before the step (the chain of events): who
    takes these locks in another order may wait for somebody who waits for them.
    """
    db.session.flush()
    rows = application.participations
    organisations = _organisations_of(rows, now)
    db.session.flush()
    for row, organisation in zip(rows, organisations, strict=True):
        row.organisation_id = organisation.id
    db.session.flush()


def settle_round(round_: Round, *, now: datetime) -> None:
    """Do the same for a whole round that was brought in, with the same few statements for any number."""
    columns = (Participation.id, Participation.name, Participation.kvk, Participation.rsin)
    rows = db.session.execute(
        select(*columns, Participation.postcode)
        .join(Application, Application.id == Participation.application_id)
        .where(Application.round_id == round_.id)
        .order_by(Participation.id)
    ).all()
    organisations = _organisations_of(rows, now)
    db.session.flush()
    links = [
        {"id": row.id, "organisation_id": organisation.id}
        for row, organisation in zip(rows, organisations, strict=True)
    ]
    if links:
        db.session.execute(update(Participation), links)


def suggest(typed: str, *, user_id: int) -> list[Suggestion]:
    """Give organisations whose name holds every word typed, or whose KvK number begins with the digits.

    From applications that were sent in, and from those of which this person is a member. Two queries.
    """
    words = name_key(typed).split()
    number = "".join(words)
    if len(number) < SHORTEST_QUERY:
        return []
    digits = number if number.isascii() and number.isdecimal() else ""
    found = [one for one in _own(user_id) if _fits(one, digits, words)] + _known(digits, words)
    once = {one.kvk or name_key(one.name): one for one in reversed(found)}
    named = {name_key(one.name) for one in once.values() if one.kvk}
    fitting = [one for one in once.values() if one.kvk or name_key(one.name) not in named]
    fitting.sort(key=lambda one: (not name_key(one.name).startswith(words[0]), one.name.casefold()))
    return fitting[:MOST_SUGGESTED]


def _known(digits: str, words: Sequence[str]) -> list[Suggestion]:
    fits = and_(*(Organisation.name_key.contains(word, autoescape=True) for word in words))
    if digits:
        fits = or_(fits, Organisation.kvk.startswith(digits))
    first = case((Organisation.name_key.startswith(words[0], autoescape=True), 0), else_=1)
    query = (
        select(Organisation.name, Organisation.kvk)
        .where(fits)
        .order_by(first, Organisation.name_key, Organisation.id)
        .limit(MOST_SUGGESTED)
    )
    return [Suggestion(name, kvk) for name, kvk in db.session.execute(query)]


def _own(user_id: int) -> list[Suggestion]:
    query = (
        select(Participation.name, Participation.kvk)
        .join(Membership, Membership.application_id == Participation.application_id)
        .where(Membership.user_id == user_id)
        .order_by(Participation.id.desc())
        .limit(MOST_OWN)
    )
    return [Suggestion(name, kvk) for name, kvk in db.session.execute(query)]


def _fits(one: Suggestion, digits: str, words: Sequence[str]) -> bool:
    key = name_key(one.name)
    by_number = bool(digits) and (one.kvk or "").startswith(digits)
    return by_number or all(word in key for word in words)


def _organisations_of(parties: Sequence[Any], now: datetime) -> list[Organisation]:
    """Give the organisation of each party: something with name, kvk, rsin and postcode."""
    register = _Register(parties)
    if not all(register.find(party) for party in parties):
        _make_alone()
        register = _Register(parties)  # as it is now that nobody else makes any
    return [register.find(party) or register.take_in(party, now) for party in parties]


def _make_alone() -> None:
    """Wait until nobody else makes organisations: a name has no constraint that would refuse a second.

    Held until the commit, by whom sends in something new. SQLite has one writer as it is.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(MAKING)))


class _Register:
    """The organisations that these parties may be, by number and by name."""

    def __init__(self, parties: Sequence[Any]) -> None:
        self.by_kvk: dict[str, Organisation] = {}
        self.by_name: defaultdict[str, list[Organisation]] = defaultdict(list)
        self.keys = {party.name: name_key(party.name) for party in parties}
        for one in _select(Organisation.kvk, {party.kvk for party in parties if party.kvk}):
            self.by_kvk[one.kvk or ""] = one
        for one in _select(Organisation.name_key, set(self.keys.values())):
            self.by_name[one.name_key].append(one)

    def find(self, party: Any) -> Organisation | None:
        """Give the organisation of a party that needs no change; None when there is none."""
        if party.kvk:
            return self.by_kvk.get(party.kvk)
        return self._by_name(party)

    def take_in(self, party: Any, now: datetime) -> Organisation:
        """Give the number of a party to the organisation known by its name alone, else make a new one."""
        one = self._by_name(party, numbered=False) if party.kvk else None
        if one is None:
            one = Organisation(name=party.name, name_key=self.keys[party.name], created_at=now)
            db.session.add(one)
            self.by_name[one.name_key].append(one)
        if party.kvk:
            one.kvk = party.kvk
            self.by_kvk[party.kvk] = one
        one.rsin = one.rsin or party.rsin
        one.postcode = one.postcode or party.postcode
        return one

    def _by_name(self, party: Any, *, numbered: bool = True) -> Organisation | None:
        """Find by name what nothing contradicts; several with a number and this name may all be meant."""
        fitting = [one for one in self.by_name[self.keys[party.name]] if not _contradicts(party, one)]
        nameless = [one for one in fitting if one.kvk is None]
        if nameless:
            return nameless[0]
        return fitting[0] if numbered and len(fitting) == 1 else None


def _contradicts(party: Any, one: Organisation) -> bool:
    """Whether they cannot be the same: another number for tax, or another legal form in the name."""
    if party.rsin and one.rsin and party.rsin != one.rsin:
        return True
    forms = {legal_form(party.name), legal_form(one.name)} - {None}
    return len(forms) > 1


def _select(column: Any, wanted: Iterable[str]) -> Iterable[Organisation]:
    values = sorted(wanted)
    for start in range(0, len(values), MOST_AT_ONCE):
        yield from db.session.scalars(
            select(Organisation)
            .where(column.in_(values[start : start + MOST_AT_ONCE]))
            .order_by(Organisation.id)
            .execution_options(populate_existing=True)
        )
