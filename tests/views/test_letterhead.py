"""The letterhead and the signatures on screen: what may be sent, what stays, on which letters it stands."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from subsidy.db import db
from subsidy.documents.decision_letters import content_for
from subsidy.documents.letter import render_letter
from subsidy.models import Letterhead, SignatureImage, StoredFile, User
from subsidy.services import file_store
from tests.conftest import QueryCount
from tests.documents.reading import figure_texts, text_of
from tests.factories import give_mandate, make_user
from tests.pages import parse, words
from tests.services.pictures import claims, jpeg, png, with_secrets
from tests.services.rounds import make_scene
from tests.services.test_ledger import award
from tests.views.test_any_text import STRANGE
from workflows.permissions import Role

pytestmark = pytest.mark.usefixtures("app")

LogIn = Callable[[User | Role], FlaskClient]
HEAD, VERSIONS = "/beheer/briefhoofd", "/beheer/briefhoofd/versies"
SIGNATURES, OWN = "/beheer/handtekeningen", "/account/handtekening"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
REFUSED = {
    "nothing": (b"", "is empty"),
    "svg": (SVG, "is no PNG or JPEG"),
    "html": (b"<!doctype html><script>alert(1)</script>", "is no PNG or JPEG"),
    "html before a picture": (b"<script>alert(1)</script>" + png(), "is no PNG or JPEG"),
    "html that begins as one": (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "is damaged"),
    "too many dots": (claims(5000, 5000), "has more than 16 million pixels"),
    "bomb": (claims(2**31 - 1, 2**31 - 1), "has more than 16 million pixels"),
    "too large": (png() + bytes(5 * 1024 * 1024), "is larger than 5 MB"),
}


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "seen": "",
        "name": "Provincie Voorbeeld",
        "address": "Postbus 1\n1234 AB Plaats",
        "email": "post@example.nl",
        "phone": "",
        "website": "www.example.nl",
        "logo_text": "Wapen van de provincie",
    } | changes


def post(client: FlaskClient, url: str, field: str, content: bytes, **more: Any) -> TestResponse:
    """Send a form with a picture; buffered, for the test client leaves large ones open."""
    answer = client.post(url, data={**more, field: (BytesIO(content), "beeld.png")}, buffered=True)
    answer.request.input_stream.close()
    return answer


@pytest.fixture
def administrator(as_user: LogIn) -> FlaskClient:
    return as_user(make_user(Role.ADMINISTRATOR, locale="en"))


@pytest.fixture
def holder() -> User:
    user = make_user(Role.OFFICER, name="Mila Smit", locale="en")
    give_mandate(user)
    return user


def newest() -> Letterhead | None:
    return db.session.scalars(select(Letterhead).order_by(Letterhead.id.desc())).first()


class TestLetterhead:
    def test_begins_with_the_settings_and_is_saved_once(self, administrator: FlaskClient) -> None:
        page = administrator.get(HEAD).text
        assert "settings of this installation" in page
        assert "2500 AA Den Haag" in page
        for _double_click in range(2):
            assert post(administrator, HEAD, "logo", with_secrets(), **typed()).location == HEAD
        saved = newest()
        assert saved is not None
        assert saved.id == db.session.scalars(select(Letterhead.id)).one()
        shown = administrator.get(HEAD).text
        assert f'{HEAD}/{saved.id}/logo" alt="Wapen van de provincie"' in shown
        assert "Postbus 1" in administrator.get(VERSIONS).text

    def test_its_logo_is_shown_and_does_nothing(self, administrator: FlaskClient) -> None:
        post(administrator, HEAD, "logo", with_secrets(), **typed())
        saved = newest()
        assert saved is not None
        answer = administrator.get(f"{HEAD}/{saved.id}/logo", buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert b"script" not in answer.data
        assert administrator.get(f"{HEAD}/999/logo").status_code == 404

    @pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
    def test_a_hostile_logo_is_refused_and_what_was_typed_stays(
        self, administrator: FlaskClient, content: bytes, said: str
    ) -> None:
        answer = post(administrator, HEAD, "logo", content, **typed())
        assert answer.status_code == 422
        assert f"beeld.png {said}" in words(parse(answer.text))
        assert "Provincie Voorbeeld" in answer.text
        assert newest() is None
        assert db.session.scalars(select(StoredFile)).all() == []

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"name": " "}, "Fill in the name."),
            ({"name": "x" * 101}, "At most 100 characters."),
            ({"address": ""}, "Fill in the address."),
            ({"address": "1\n2\n3\n4\n5"}, "Use at most 4 lines of 60 characters."),
            ({"address": "x" * 61}, "Use at most 4 lines of 60 characters."),
            ({"email": "nergens"}, "Fill in an e-mail address such as"),
            ({"website": "javascript:alert(1)"}, "Write an address such as"),
            ({"logo_text": ""}, "Say what the logo shows"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, administrator: FlaskClient, changes: dict[str, str], said: str
    ) -> None:
        answer = post(administrator, HEAD, "logo", png(), **typed(**changes))
        assert answer.status_code == 422
        assert said in words(parse(answer.text))
        assert newest() is None

    def test_strange_text_is_taken_or_refused(self, administrator: FlaskClient) -> None:
        for name in typed():
            for value in (*STRANGE, "9" * 5000, "-1", str(2**63)):
                sent = typed(**{name: value})
                assert administrator.post(HEAD, data=sent).status_code in {303, 409, 422}, (name, value)

    def test_somebody_else_was_first(self, administrator: FlaskClient) -> None:
        administrator.post(HEAD, data=typed(phone="1"))
        answer = administrator.post(HEAD, data=typed(phone="2"))
        assert answer.status_code == 409
        assert "Somebody else changed the letterhead meanwhile" in answer.text
        (seen,) = [one.get("value") for one in parse(answer.text).iter("input") if one.get("name") == "seen"]
        assert administrator.post(HEAD, data=typed(phone="2", seen=seen)).status_code == 303
        saved = newest()
        assert saved is not None
        assert saved.phone == "2"

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_versions_cost_the_same_for_one_and_for_three(
        self, administrator: FlaskClient, count_queries: type[QueryCount], many: int
    ) -> None:
        for number in range(many):
            seen = newest()
            administrator.post(HEAD, data=typed(phone=str(number), seen=str(seen.id) if seen else ""))
        with count_queries() as counted:
            assert administrator.get(VERSIONS).text.count("<tr>") == many + 1
        assert counted.count == 2


class TestSignature:
    def test_an_administrator_places_it_and_takes_it_away(
        self, administrator: FlaskClient, holder: User
    ) -> None:
        here = f"{SIGNATURES}/{holder.id}"
        assert "Mila Smit" in administrator.get(SIGNATURES).text
        for _double_click in range(2):
            assert post(administrator, here, "picture", jpeg()).location == here
        assert f'{here}/beeld" alt="Signature of Mila Smit"' in administrator.get(here).text
        assert f"{here}/beeld" in administrator.get(SIGNATURES).text
        assert administrator.get(f"{here}/beeld", buffered=True).mimetype == "image/png"
        for _double_click in range(2):
            assert administrator.post(f"{here}/weghalen").location == SIGNATURES
        assert administrator.get(f"{here}/beeld").status_code == 404
        assert db.session.get(SignatureImage, holder.id) is None

    def test_its_owner_does_the_same(self, as_user: LogIn, holder: User) -> None:
        client = as_user(holder)
        assert OWN in client.get("/account/").text
        assert "There is no picture" in client.get(OWN).text
        for _double_click in range(2):
            assert post(client, OWN, "picture", png()).location == OWN
        assert 'alt="Signature of Mila Smit"' in client.get(OWN).text
        assert client.get(f"{OWN}/beeld", buffered=True).mimetype == "image/png"
        assert client.post(f"{OWN}/weghalen").status_code == 303
        assert client.get(f"{OWN}/beeld").status_code == 404

    @pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
    def test_a_hostile_picture_is_refused(
        self, as_user: LogIn, holder: User, content: bytes, said: str
    ) -> None:
        answer = post(as_user(holder), OWN, "picture", content)
        assert answer.status_code == 422
        assert f"beeld.png {said}" in words(parse(answer.text))
        assert db.session.scalars(select(StoredFile)).all() == []
        assert as_user(holder).post(OWN).status_code == 422

    def test_who_signs_nothing_places_nothing(self, administrator: FlaskClient, as_user: LogIn) -> None:
        officer = make_user(Role.OFFICER, locale="en")
        db.session.commit()
        assert administrator.get(f"{SIGNATURES}/{officer.id}").status_code == 404
        assert post(administrator, f"{SIGNATURES}/{officer.id}", "picture", png()).status_code == 404
        client = as_user(officer)
        page = client.get(OWN).text
        assert "You have no mandate now" in page
        assert 'type="file"' not in page
        assert post(client, OWN, "picture", png()).status_code == 422
        assert db.session.scalars(select(SignatureImage)).all() == []

    def test_only_an_administrator_sees_those_of_others(self, as_user: LogIn, holder: User) -> None:
        client = as_user(Role.AUDITOR)
        here = f"{SIGNATURES}/{holder.id}"
        asked = [HEAD, VERSIONS, SIGNATURES, here, f"{here}/beeld"]
        assert {client.get(url).status_code for url in asked} <= {403, 404}
        assert client.post(f"{here}/weghalen").status_code in {403, 404}

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_list_costs_the_same_for_one_and_for_three(
        self, administrator: FlaskClient, count_queries: type[QueryCount], many: int
    ) -> None:
        for _ in range(many):
            give_mandate(make_user(Role.OFFICER))
        db.session.commit()
        with count_queries() as counted:
            assert administrator.get(SIGNATURES).text.count("<tr>") == many + 1
        assert counted.count == 2


@pytest.mark.slow
def test_what_is_set_stands_on_the_next_letter_and_not_on_one_that_was_drawn(
    administrator: FlaskClient,
) -> None:
    scene = make_scene((5, 4))
    drawn, later = award(scene, 0), award(scene, 1)
    before = scene.letter(drawn)
    signer = later.mandate.holder
    post(administrator, HEAD, "logo", png(), **typed())
    post(administrator, f"{SIGNATURES}/{signer.id}", "picture", jpeg())
    pdf = file_store.read(scene.letter(later))
    assert figure_texts(pdf)[:2] == ["Wapen van de provincie", f"Handtekening van {signer.name}"]
    assert "Provincie Voorbeeld" in text_of(pdf)
    assert "www.example.nl" in text_of(pdf)
    assert "Daarom staat er geen handtekening onder." not in text_of(pdf)
    assert scene.letter(drawn) == before
    old = text_of(file_store.read(before))
    assert "Provincie Voorbeeld" not in old
    assert "Daarom staat er geen handtekening onder." in old
    administrator.post(f"{SIGNATURES}/{signer.id}/weghalen")
    again = render_letter(content_for(later))
    assert "Daarom staat er geen handtekening onder." in text_of(again)
