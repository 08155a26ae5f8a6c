"""The letterhead in versions, and the pictures of signatures: who may, what is kept, what is told."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from subsidy.access import actor_of
from subsidy.db import db
from subsidy.documents.letterhead import letterhead
from subsidy.models import Event, Letterhead, User
from subsidy.services import events, letterheads, signature_pictures
from subsidy.services.advance import NotAllowedError
from subsidy.services.letterheads import LetterheadError, Wanted
from subsidy.services.pictures import PictureRefusedError
from tests.conftest import MOMENT, QueryCount
from tests.factories import give_mandate, make_user
from tests.services.pictures import jpeg, png
from workflows.permissions import Actor, Role

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def administrator() -> Actor:
    return actor_of(make_user(Role.ADMINISTRATOR))


def wanted(**changes: Any) -> Wanted:
    said = {"name": "Provincie Voorbeeld", "address": "Postbus 1\n1234 AB Plaats", "email": "post@example.nl"}
    return Wanted(**{**said, **changes})


def names() -> list[str]:
    return list(db.session.scalars(select(Event.name).order_by(Event.id)))


class TestLetterhead:
    def test_without_any_the_settings_hold(self) -> None:
        office = letterhead()
        assert (office.name, office.logo_address) == (
            "Subsidiebureau Regionale Samenwerking",
            "asset:logo.svg",
        )
        assert office.check_at == "http://localhost:8000/echt"

    def test_the_newest_holds_and_the_old_one_stays(self, administrator: Actor) -> None:
        first = letterheads.save(wanted(phone="1"), seen=None, actor=administrator, now=MOMENT)
        logo = BytesIO(png())
        second = letterheads.save(
            wanted(logo=logo, logo_text="Wapen"), seen=first.id, actor=administrator, now=MOMENT
        )
        office = letterhead()
        assert (office.name, office.address_lines, office.phone) == (
            "Provincie Voorbeeld",
            ("Postbus 1", "1234 AB Plaats"),
            "",
        )
        assert (office.logo_address, office.logo_text) == (f"stored:{second.logo_sha256}", "Wapen")
        assert [one.letterhead.phone for one in letterheads.find_page().versions] == ["", "1"]
        assert names() == ["letterhead.changed"] * 2
        assert list(events.verify()) == []

    def test_the_logo_stays_until_it_is_taken_away(self, administrator: Actor) -> None:
        first = letterheads.save(
            wanted(logo=BytesIO(jpeg()), logo_text="Wapen"), seen=None, actor=administrator, now=MOMENT
        )
        kept = letterheads.save(
            wanted(phone="1", logo_text="Wapen"), seen=first.id, actor=administrator, now=MOMENT
        )
        assert kept.logo_sha256 == first.logo_sha256
        gone = letterheads.save(
            wanted(without_logo=True, logo_text="Wapen"), seen=kept.id, actor=administrator, now=MOMENT
        )
        assert (gone.logo_sha256, gone.logo_text) == (None, "")
        assert letterhead().logo_address == "asset:logo.svg"

    def test_a_double_click_is_one_version(self, administrator: Actor) -> None:
        saved = [
            letterheads.save(
                wanted(logo=BytesIO(png()), logo_text="Wapen"), seen=None, actor=administrator, now=MOMENT
            )
            for _ in range(2)
        ]
        assert saved[0] is saved[1]
        assert names() == ["letterhead.changed"]

    def test_two_at_once_do_not_overwrite_each_other(self, administrator: Actor) -> None:
        letterheads.save(wanted(phone="1"), seen=None, actor=administrator, now=MOMENT)
        with pytest.raises(LetterheadError, match="changed_meanwhile"):
            letterheads.save(wanted(phone="2"), seen=None, actor=administrator, now=MOMENT)
        assert letterhead().phone == "1"

    def test_what_is_refused_leaves_nothing(self, administrator: Actor) -> None:
        with pytest.raises(LetterheadError, match="logo_without_text"):
            letterheads.save(wanted(logo=BytesIO(png())), seen=None, actor=administrator, now=MOMENT)
        with pytest.raises(PictureRefusedError, match="kind_unknown"):
            letterheads.save(wanted(logo=BytesIO(b"<svg/>")), seen=None, actor=administrator, now=MOMENT)
        for role in set(Role) - {Role.ADMINISTRATOR}:
            with pytest.raises(NotAllowedError):
                letterheads.save(wanted(), seen=None, actor=actor_of(make_user(role)), now=MOMENT)
        assert letterheads.find_newest() is None
        assert names() == []

    @pytest.mark.parametrize("change", ["UPDATE letterhead SET name = 'x'", "DELETE FROM letterhead"])
    def test_a_version_never_changes(self, administrator: Actor, change: str) -> None:
        letterheads.save(wanted(), seen=None, actor=administrator, now=MOMENT)
        with pytest.raises(DBAPIError, match="a letterhead"), db.session.begin_nested():
            db.session.execute(text(change))

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_versions_are_one_query(
        self, administrator: Actor, count_queries: type[QueryCount], many: int
    ) -> None:
        seen = None
        for number in range(many):
            seen = letterheads.save(wanted(phone=str(number)), seen=seen, actor=administrator, now=MOMENT).id
        db.session.commit()
        with count_queries() as counted:
            assert len(letterheads.find_page().versions) == many
        assert counted.count == 1

    def test_the_versions_are_paged(self, administrator: Actor) -> None:
        for number in range(21):
            db.session.add(
                Letterhead(
                    name=str(number), address="x", email="x", saved_by=administrator.user_id, saved_at=MOMENT
                )
            )
        db.session.flush()
        first = letterheads.find_page()
        assert len(first.versions) == 20
        assert [one.letterhead.name for one in letterheads.find_page(after=first.more).versions] == ["0"]


class TestSignature:
    @pytest.fixture
    def holder(self) -> User:
        user = make_user(Role.OFFICER, name="Mila Smit")
        give_mandate(user)
        return user

    def test_the_owner_and_an_administrator_place_it_and_take_it_away(
        self, holder: User, administrator: Actor
    ) -> None:
        for actor in (actor_of(holder), administrator):
            first = signature_pictures.place(holder, BytesIO(png()), actor=actor, now=MOMENT)
            again = signature_pictures.place(holder, BytesIO(png()), actor=actor, now=MOMENT)
            assert first is again
            other = signature_pictures.place(holder, BytesIO(png((10, 10))), actor=actor, now=MOMENT)
            assert other.saved_by == actor.user_id
            assert signature_pictures.find(holder.id) is other
            assert signature_pictures.take_away(holder, actor=actor, now=MOMENT)
            assert not signature_pictures.take_away(holder, actor=actor, now=MOMENT)
            assert signature_pictures.find(holder.id) is None
        placed, gone = "signature.picture_placed", "signature.picture_taken_away"
        told = [name for name in names() if name.startswith("signature")]
        assert told == [placed, placed, gone] * 2
        assert list(events.verify()) == []

    def test_nobody_else_may(self, holder: User) -> None:
        for role in (Role.OFFICER, Role.AUDITOR, Role.CHAIR, Role.APPLICANT):
            other = actor_of(make_user(role))
            with pytest.raises(NotAllowedError):
                signature_pictures.place(holder, BytesIO(png()), actor=other, now=MOMENT)
            with pytest.raises(NotAllowedError):
                signature_pictures.take_away(holder, actor=other, now=MOMENT)
        assert signature_pictures.find(holder.id) is None

    def test_who_signs_nothing_has_none(self, administrator: Actor) -> None:
        officer, ended = make_user(Role.OFFICER), make_user(Role.OFFICER)
        give_mandate(ended, until_day=MOMENT.date() - timedelta(days=1))
        for user in (officer, ended):
            for actor in (actor_of(user), administrator):
                with pytest.raises(NotAllowedError):
                    signature_pictures.place(user, BytesIO(png()), actor=actor, now=MOMENT)

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_list_is_one_query(
        self, administrator: Actor, count_queries: type[QueryCount], many: int
    ) -> None:
        holders = [make_user(Role.OFFICER) for _ in range(many)]
        for holder in holders:
            give_mandate(holder)
        signature_pictures.place(holders[0], BytesIO(png()), actor=administrator, now=MOMENT)
        db.session.commit()
        with count_queries() as counted:
            found = signature_pictures.find_page(today=MOMENT.date()).holders
        assert counted.count == 1
        assert [one.user_id for one in found] == [one.id for one in holders]
        assert [one.sha256 is None for one in found] == [False] + [True] * (many - 1)
