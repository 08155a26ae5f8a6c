"""The composer of letter words: writing, previewing, publishing, and who may."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from subsidy.db import db
from subsidy.documents.letter_sample import examples
from subsidy.models import Event, LetterWording, Round, User
from subsidy.services import wordings
from subsidy.services.snapshots import definition_of
from subsidy.views.office.wording_pages import PAGES
from tests.conftest import QueryCount
from tests.factories import make_application, make_interest, make_round, make_user
from tests.pages import parse, words
from tests.services.rounds import Scene, make_scene
from workflows.letter_words import Words
from workflows.permissions import Role
from workflows.phrases import LetterKind, fields_at

AsUser = Callable[[User | Role], FlaskClient]
OPENING = "Wij geven {applicant} een subsidie van {amount}."


def url(round_: Round, *rest: str) -> str:
    return "/".join((f"/bureau/ronden/{round_.slug}/briefteksten", *rest))


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.get_data(as_text=True)


def officer(as_user: AsUser) -> FlaskClient:
    return as_user(make_user(Role.OFFICER, locale="en"))


def fields_on(client: FlaskClient, address: str) -> dict[str, str]:
    """What the form of a page sends when nothing is changed."""
    tree = parse(page(client, address))
    main = tree.find(".//main")
    assert main is not None
    found = {one.get("name", ""): (one.text or "").removeprefix("\n") for one in main.iter("textarea")}
    hidden = (one for one in main.iter("input") if one.get("type") == "hidden")
    return found | {one.get("name", ""): one.get("value", "") for one in hidden}


def post(client: FlaskClient, address: str, data: dict[str, Any], status: int = 303) -> str:
    response = client.post(address, data=data)
    assert response.status_code == status, response.get_data(as_text=True)[:3000]
    return response.get_data(as_text=True)


def events_of(round_: Round) -> list[str]:
    return list(
        db.session.scalars(
            select(Event.name)
            .where(Event.round_id == round_.id, Event.name.startswith("wording."))
            .order_by(Event.sequence)
        )
    )


@pytest.fixture
def round_(app: object) -> Round:
    found = make_round("regiobeeld")
    db.session.commit()
    return found


class TestOverview:
    def test_it_says_what_is_in_force_and_leads_to_every_page(self, as_user: AsUser, round_: Round) -> None:
        client = officer(as_user)
        text = page(client, url(round_))
        assert "the words with which the round was published" in text
        for one in PAGES:
            assert url(round_, one.address) in text
            page(client, url(round_, one.address))
        assert text.count("Complete") == len(PAGES)
        assert "To repair" not in text

    def test_the_round_and_its_decisions_lead_to_it(self, as_user: AsUser, round_: Round) -> None:
        client = officer(as_user)
        assert url(round_) in page(client, f"/bureau/ronden/{round_.slug}")
        assert url(round_) in page(client, f"/bureau/ronden/{round_.slug}/besluiten")

    @pytest.mark.parametrize("role", [Role.CHAIR, Role.FINANCE, Role.AUDITOR])
    def test_the_rest_of_the_office_reads_and_cannot_write(
        self, as_user: AsUser, round_: Round, role: Role
    ) -> None:
        client = as_user(role)
        assert url(round_, "toekenning") + '"' not in page(client, url(round_))
        page(client, url(round_, "toekenning", "voorbeeld"))
        page(client, url(round_, "versies", "0"))
        page(client, url(round_, "toekenning"), 404)
        assert client.post(url(round_, "toekenning"), data={}).status_code == 404
        assert client.post(url(round_, "publiceren"), data={"reason": "x"}).status_code == 404

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPLICANT, Role.EVALUATOR])
    def test_others_do_not_see_it(self, as_user: AsUser, round_: Round, role: Role) -> None:
        assert as_user(role).get(url(round_)).status_code == 404

    def test_as_many_queries_for_two_versions_as_for_four(
        self, as_user: AsUser, round_: Round, count_queries: Callable[[], QueryCount]
    ) -> None:
        client = officer(as_user)
        counts = []
        for number in (1, 2, 3, 4):
            change(client, round_, f"Geachte lezer {number},")
            publish(client, round_)
            addresses = (url(round_), url(round_, "versies"), url(round_, "versies", str(number)))
            for address in addresses:
                page(client, address)
            with count_queries() as counted:
                for address in addresses:
                    page(client, address)
            counts.append(counted.count)
        # The first was compared with the words of the round, which were read already.
        assert counts[1:] == [counts[0] + 1] * 3


def change(client: FlaskClient, round_: Round, salutation: str) -> None:
    address = url(round_, "begin-en-slot")
    post(client, address, fields_on(client, address) | {"salutation-nl": salutation})


def publish(client: FlaskClient, round_: Round, reason: str = "Duidelijker.") -> None:
    address = url(round_, "publiceren")
    post(client, address, fields_on(client, address) | {"reason": reason})


class TestWriting:
    def test_a_blank_line_begins_a_paragraph_and_the_words_are_kept_in_a_draft(
        self, as_user: AsUser, round_: Round
    ) -> None:
        client, address = officer(as_user), url(round_, "toekenning")
        fields = fields_on(client, address)
        fields["outcomes-award-extra-nl"] = "Gefeliciteerd.\n\n \nWij wensen u succes."
        fields["outcomes-award-extra-en"] = "Congratulations.\n\nWe wish you success."
        post(client, address, fields)
        draft = wordings.find_draft(round_.id)
        assert draft is not None
        assert (draft.version, draft.published_at) == (1, None)
        assert wordings.open_words(round_).words["outcomes", "award", "extra"] == Words(
            ("Gefeliciteerd.", "Wij wensen u succes."), ("Congratulations.", "We wish you success.")
        )
        assert events_of(round_) == ["wording.saved"]
        assert wordings.definition_now(round_) == definition_of(round_)

    def test_saving_what_is_there_already_changes_nothing(self, as_user: AsUser, round_: Round) -> None:
        client = officer(as_user)
        for one in PAGES:
            address = url(round_, one.address)
            post(client, address, fields_on(client, address))
        assert wordings.find_draft(round_.id) is None
        assert events_of(round_) == []

    def test_an_unknown_field_is_refused_with_those_that_there_are_and_all_is_kept(
        self, as_user: AsUser, round_: Round
    ) -> None:
        client, address = officer(as_user), url(round_, "bezwaar")
        fields = fields_on(client, address) | {
            "remedy-nl": "Bezwaar tot {einddatum}.",
            "remedy-en": "Kept in the other field { objection_until}.",
        }
        text = post(client, address, fields, 422)
        assert "Nothing fills the field {einddatum} here" in text
        assert "{objection_until}, {objection_weeks}" in text
        assert "Bezwaar tot {einddatum}." in text
        assert "Kept in the other field { objection_until}." in text
        assert "Nothing fills the field { objection_until} here" in text
        assert wordings.find_draft(round_.id) is None

    def test_a_draft_may_miss_something_and_then_is_not_published(
        self, as_user: AsUser, round_: Round
    ) -> None:
        client, address = officer(as_user), url(round_, "toekenning")
        fields = fields_on(client, address) | {
            "outcomes-award-decision-nl": "Wij geven u subsidie.",
            "outcomes-award-decision-en": "",
        }
        post(client, address, fields)
        text = page(client, url(round_))
        assert "The field {amount} (The amount of the award) is missing, in Dutch" in text
        assert "Nothing stands here in English" in text
        assert "This award can be state aid" in text
        assert url(round_, "toekenning") + "#outcomes-award-decision-nl" in text
        text = page(client, url(round_, "publiceren"))
        assert "It cannot be published yet. Repair this first:" in text
        opened = wordings.open_words(round_)
        answer = post(
            client, url(round_, "publiceren"), {"reason": "x", "seen": wordings.mark_of(opened.words)}, 422
        )
        assert "Nothing was published" in answer
        assert wordings.find_in_force(round_.id) is None
        preview = page(client, url(round_, "toekenning", "voorbeeld"))
        assert "Wij geven u subsidie." in preview

    def test_of_two_who_write_the_same_page_the_second_is_shown_what_the_first_wrote(
        self, as_user: AsUser, round_: Round
    ) -> None:
        address = url(round_, "begin-en-slot")
        client = officer(as_user)
        first, second = fields_on(client, address), fields_on(client, address)
        other = fields_on(client, url(round_, "bezwaar"))
        post(client, address, first | {"salutation-nl": "Beste aanvrager,"})
        text = post(client, address, second | {"salutation-nl": "Geachte burger,"}, 409)
        assert "A colleague changed this in the meantime" in text
        assert "Beste aanvrager," in text
        assert "Geachte burger," in text
        # What another page holds is no reason to refuse.
        post(client, url(round_, "bezwaar"), other | {"remedy-nl": other["remedy-nl"] + " Bel ons gerust."})
        (seen,) = re.findall(r'name="seen" type="hidden" value="([0-9a-f]+)"', text)
        post(client, address, second | {"salutation-nl": "Geachte burger,", "seen": seen})
        words_now = wordings.open_words(round_).words
        assert words_now["salutation",].nl == ("Geachte burger,",)
        assert "Bel ons gerust." in words_now["remedy",].nl[-1]

    def test_pressed_twice_it_is_saved_once(self, as_user: AsUser, round_: Round) -> None:
        client, address = officer(as_user), url(round_, "begin-en-slot")
        fields = fields_on(client, address) | {"salutation-nl": "Beste aanvrager,"}
        post(client, address, fields)
        post(client, address, fields)
        assert events_of(round_) == ["wording.saved"]

    def test_the_words_of_a_round_in_preparation_are_those_of_its_definition(self, as_user: AsUser) -> None:
        client = officer(as_user)
        round_ = make_round("regiobeeld", state="draft")
        db.session.commit()
        assert client.get(url(round_, "toekenning")).status_code == 303
        assert client.post(url(round_, "toekenning"), data={}).status_code == 303
        assert wordings.find_draft(round_.id) is None
        assert "once the round is published" in page(client, url(round_))

    def test_a_closed_round_still_gets_letters_of_later_decisions(self, as_user: AsUser) -> None:
        client = officer(as_user)
        round_ = make_round("regiobeeld", state="decided")
        db.session.commit()
        change(client, round_, "Beste aanvrager,")
        publish(client, round_)
        assert wordings.definition_now(round_).letters.salutation.nl == "Beste aanvrager,"

    def test_fields_have_a_meaning_and_an_example_and_hold_for_all_of_a_page(
        self, as_user: AsUser, round_: Round
    ) -> None:
        for one in PAGES:
            assert len({fields_at(spot.place) for spot in one.spots(3)}) == 1, one.address
        text = page(officer(as_user), url(round_, "toekenning"))
        assert examples(round_, definition_of(round_))["amount"] in text
        assert "<code>{amount_in_words}</code>" in text


class TestVersions:
    def test_published_words_are_in_the_list_with_who_and_why_and_what_changed(
        self, as_user: AsUser, round_: Round
    ) -> None:
        client = officer(as_user)
        change(client, round_, "Geachte heer, mevrouw of anders,")
        publish(client, round_, "Iedereen aanspreken.")
        assert events_of(round_) == ["wording.saved", "wording.published"]
        text = page(client, url(round_, "versies"))
        assert "Iedereen aanspreken." in text
        text = page(client, url(round_, "versies", "1"))
        tree = parse(text)
        assert [words(one) for one in tree.iter("ins")] == ["[added: heer, mevrouw]", "[added: anders,]"]
        assert [words(one) for one in tree.iter("del")] == ["[removed: heer]", "[removed: mevrouw,]"]
        page(client, url(round_, "versies", "2"), 404)

    def test_a_reason_is_needed(self, as_user: AsUser, round_: Round) -> None:
        client = officer(as_user)
        change(client, round_, "Beste aanvrager,")
        address = url(round_, "publiceren")
        assert "Say why" in post(client, address, fields_on(client, address) | {"reason": " "}, 422)
        assert wordings.find_in_force(round_.id) is None

    def test_what_a_colleague_changed_meanwhile_is_not_published_unseen(
        self, as_user: AsUser, round_: Round
    ) -> None:
        client, address = officer(as_user), url(round_, "publiceren")
        change(client, round_, "Beste aanvrager,")
        fields = fields_on(client, address)
        change(client, round_, "Beste lezer,")
        text = post(client, address, fields | {"reason": "Netjes."}, 409)
        assert "A colleague changed the draft in the meantime" in text
        assert "Netjes." in text
        assert wordings.find_in_force(round_.id) is None

    def test_an_earlier_version_is_put_back_as_a_new_draft(self, as_user: AsUser, round_: Round) -> None:
        client = officer(as_user)
        change(client, round_, "Beste aanvrager,")
        publish(client, round_)
        post(client, url(round_, "versies", "0", "terugzetten"), {})
        opened = wordings.open_words(round_)
        assert opened.version == 2
        assert opened.words["salutation",].nl == ("Geachte heer of mevrouw,",)
        # One draft at a time.
        post(client, url(round_, "versies", "1", "terugzetten"), {})
        assert wordings.open_words(round_).words == opened.words
        assert events_of(round_)[-1] == "wording.put_back"

    def test_a_draft_is_thrown_away_by_who_saw_it(self, as_user: AsUser, round_: Round) -> None:
        client = officer(as_user)
        change(client, round_, "Beste aanvrager,")
        post(client, url(round_, "weggooien"), {"seen": "anders"})
        assert wordings.find_draft(round_.id) is not None
        mark = wordings.mark_of(wordings.open_words(round_).words)
        post(client, url(round_, "weggooien"), {"seen": mark})
        post(client, url(round_, "weggooien"), {"seen": mark})
        assert wordings.find_draft(round_.id) is None
        assert events_of(round_) == ["wording.saved", "wording.discarded"]

    def test_pages_go_on_after_a_version(
        self, as_user: AsUser, round_: Round, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("subsidy.services.wording_versions.PAGE", 1)
        client = officer(as_user)
        for number in (1, 2):
            change(client, round_, f"Beste aanvrager {number},")
            publish(client, round_)
        first = page(client, url(round_, "versies"))
        assert "Version 2" in first
        assert "With the round" not in first
        (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
        second = page(client, following)
        assert "With the round" in second
        assert "Version 2" not in second


class TestPreview:
    @pytest.mark.parametrize("kind", LetterKind)
    def test_every_kind_has_an_example_that_is_marked(
        self, as_user: AsUser, round_: Round, kind: LetterKind
    ) -> None:
        address = next(one.address for one in PAGES if one.kind is kind)
        text = page(officer(as_user), url(round_, address, "voorbeeld"))
        letter = parse(text).find(".//*[@class='letter-preview']")
        assert letter is not None
        assert words(letter).startswith("CONCEPT. Dit is geen besluit")
        assert "Bezwaar maken" in words(letter)
        assert letter.find(".//img") is None

    def test_a_real_application_shows_its_own_letter_in_the_words_of_the_draft(self, as_user: AsUser) -> None:
        scene = make_scene((5,))
        (application,) = scene.applications
        application.title = "<b>Vet</b> & meer"
        db.session.commit()
        client = officer(as_user)
        change(client, scene.round, "Beste aanvrager,")
        text = page(client, url(scene.round, "aanvraag"))
        address = f"/bureau/aanvragen/{application.id}/briefvoorbeeld"
        assert address in text
        letter = parse(page(client, address)).find(".//*[@class='letter-preview']")
        assert letter is not None
        said = words(letter)
        assert "Beste aanvrager," in said
        assert "U krijgt subsidie: € 10.000" in said
        assert "<b>Vet</b> & meer" in said
        assert [one.tag for one in letter.iter("h1")] == []
        published = page(client, f"{address}?versie=0")
        assert "Geachte heer of mevrouw," in published
        page(client, f"{address}?versie=9", 404)

    def test_choosing_by_reference(self, as_user: AsUser) -> None:
        scene = make_scene((5,))
        db.session.commit()
        client, address = officer(as_user), url(scene.round, "aanvraag")
        reference = scene.applications[0].reference
        found = client.get(f"{address}?aanvraag={reference}&versie=0")
        assert found.status_code == 303
        assert found.location.endswith(f"/{scene.applications[0].id}/briefvoorbeeld?versie=0")
        assert "There is no application" in page(client, f"{address}?aanvraag=T-XXXX", 422)

    def test_who_has_an_interest_sees_no_letter_and_no_list(self, as_user: AsUser) -> None:
        scene = make_scene((5, 4))
        user = make_user(Role.OFFICER)
        make_interest(scene.applications[0], user)
        db.session.commit()
        client = as_user(user)
        page(client, url(scene.round, "aanvraag"), 404)
        for one in scene.applications:
            page(client, f"/bureau/aanvragen/{one.id}/briefvoorbeeld", 404)
        page(client, url(scene.round, "toekenning", "voorbeeld"))

    def test_as_many_queries_for_one_application_as_for_three(
        self, as_user: AsUser, count_queries: Callable[[], QueryCount]
    ) -> None:
        counts = []
        client = officer(as_user)
        for scores in ((5,), (5, 4, 3)):
            scene: Scene = make_scene(scores)
            db.session.commit()
            addresses = (
                url(scene.round, "aanvraag"),
                f"/bureau/aanvragen/{scene.applications[0].id}/briefvoorbeeld",
            )
            for address in addresses:
                page(client, address)
            with count_queries() as counted:
                for address in addresses:
                    page(client, address)
            counts.append(counted.count)
        assert counts[0] == counts[1]


def test_an_application_that_was_withdrawn_can_be_looked_at(as_user: AsUser) -> None:
    round_ = make_round("regiobeeld")
    application = make_application(round_, "withdrawn")
    db.session.commit()
    client = officer(as_user)
    assert "letter" in page(client, f"/bureau/aanvragen/{application.id}/briefvoorbeeld")
    assert db.session.scalar(select(LetterWording.id)) is None
