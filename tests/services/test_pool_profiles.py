"""What a reviewer knows: kept as municipalities, shown as regions, and never overwritten unseen."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import Event, User
from subsidy.services import pool_profiles
from subsidy.services.pool import PoolError
from subsidy.services.pool_profiles import Expertise
from subsidy.services.reference import active_version, reference_of
from tests.factories import MOMENT, make_round, make_user
from workflows.definition import Option, Text
from workflows.kinds import KINDS
from workflows.regions import Reference

LATER = MOMENT + timedelta(hours=1)


@pytest.fixture
def user(app: object) -> User:
    return make_user()


@pytest.fixture
def reference(app: object) -> Reference:
    return reference_of(active_version())


def whole_region(reference: Reference) -> tuple[str, set[str]]:
    """A GGD region with its municipalities."""
    code = reference.municipalities["GM0637"].ggd_code
    return code, {one.code for one in reference.municipalities.values() if one.ggd_code == code}


def test_what_is_told_comes_back(user: User, reference: Reference) -> None:
    ggd, members = whole_region(reference)
    told = Expertise(
        kvk="12345678",
        lay=True,
        themes=("preventie",),
        domains=("gemeente",),
        known=(ggd, "GM0363"),
        own=("GM0637",),
        languages=("nl", "en"),
        most_reviews=4,
        away=((date(2026, 5, 1), date(2026, 5, 9)),),
        about="Wijkverpleegkundige",
    )
    actor = actor_of(user)
    assert pool_profiles.save(user, told, reference, seen=None, actor=actor, now=MOMENT)
    assert not pool_profiles.save(user, told, reference, seen=None, actor=actor, now=MOMENT)
    stored = pool_profiles.find_profile(user.id)
    assert stored is not None
    assert set(stored.known_municipalities) == members | {"GM0363"}
    assert pool_profiles.expertise_of(stored, reference) == told
    event = db.session.scalars(select(Event)).one()
    assert event.name == "reviewer.profile_changed"
    assert "Wijkverpleegkundige" not in str(event.facts)


def test_an_empty_profile_is_a_profile(user: User, reference: Reference) -> None:
    assert pool_profiles.expertise_of(None, reference) == Expertise()
    assert pool_profiles.save(user, Expertise(), reference, seen=None, actor=actor_of(user), now=MOMENT)
    assert pool_profiles.find_profile(user.id) is not None


def test_nobody_overwrites_what_they_did_not_see(user: User, reference: Reference) -> None:
    actor = actor_of(user)
    pool_profiles.save(user, Expertise(about="een"), reference, seen=None, actor=actor, now=MOMENT)
    for seen in (None, LATER):
        with pytest.raises(PoolError, match="changed_meanwhile"):
            pool_profiles.save(user, Expertise(about="twee"), reference, seen=seen, actor=actor, now=LATER)
    assert pool_profiles.save(user, Expertise(about="drie"), reference, seen=MOMENT, actor=actor, now=LATER)


def test_part_of_a_region_stays_a_part(reference: Reference) -> None:
    ggd, members = whole_region(reference)
    some = sorted(members)[1:]
    assert pool_profiles.gathered(some, reference) == tuple(some)
    assert pool_profiles.gathered(members, reference) == (ggd,)
    assert pool_profiles.spread([ggd, "onbekend"], reference) == tuple(sorted(members))


def test_a_former_municipality_counts_as_the_one_of_today(reference: Reference) -> None:
    former, today = next(iter(reference.former.items()))
    assert pool_profiles.gathered([former], reference) == pool_profiles.gathered([today], reference)


def test_themes_of_a_round_of_its_own_are_known(app: object) -> None:
    hart = Option(value="hartzorg", label=Text(nl="Hartzorg", en="Heart care"))
    definition = KINDS["netwerk"].model_copy(update={"themes": (hart,)})
    make_round(definition=definition)
    make_round(
        state="draft",
        definition=definition.model_copy(
            update={"themes": (Option(value="geheim", label=Text(nl="Geheim", en="Secret")),)}
        ),
    )
    known = pool_profiles.known_themes()
    assert known["hartzorg"].nl == "Hartzorg"
    assert "preventie" in known
    assert "geheim" not in known
