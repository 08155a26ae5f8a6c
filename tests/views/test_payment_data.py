"""What is there for paying and for letters stays with the office and the collaboration itself."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from subsidy.db import db
from subsidy.documents import evaluation_files
from subsidy.models import Application, Message, Review, Signature, User
from subsidy.services.round_file_export import export_round
from subsidy.services.signatures import terms_of
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from workflows.permissions import Role

LogIn = Callable[[User | Role], FlaskClient]
KVK = "27364188"
# As the pages show them, and as they are stored.
PAYMENT = ("NL91 ABNA 0417 1643 00", "NL91ABNA0417164300", "123456782", "2712 PN")
SIGNED_BY, WRITTEN = "B. Stuurder-Zeldzaam", "Dit staat alleen in een bericht."


@pytest.fixture
def application(app: object) -> Application:
    """An application in review that holds all of it, with a signature and a message."""
    application = make_application(make_round(), "in_review", member=make_user())
    lead = application.participations[0]
    lead.kvk, lead.iban, lead.rsin, lead.postcode = KVK, PAYMENT[1], PAYMENT[2], PAYMENT[3]
    terms = terms_of(application, lead)
    db.session.add_all(
        [
            Signature(
                application_id=application.id,
                participation_key=lead.key,
                organisation=lead.name,
                kind="online",
                name=SIGNED_BY,
                position="Wethouder",
                signed_at=MOMENT,
                application_version=1,
                terms=terms.stored(),
                terms_digest=terms.digest,
            ),
            Message(
                application_id=application.id,
                from_office=False,
                author_id=application.members[0].user_id,
                body=WRITTEN,
                sent_at=MOMENT,
            ),
        ]
    )
    db.session.flush()
    return application


def test_the_office_reads_it(application: Application, as_user: LogIn) -> None:
    page = as_user(Role.OFFICER).get(f"/bureau/aanvragen/{application.id}").text
    assert all(one in page for one in (KVK, PAYMENT[0], *PAYMENT[2:]))


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CHAIR])
def test_who_reviews_never_does(application: Application, as_user: LogIn, role: Role) -> None:
    reviewer = make_user(role)
    review: Review = make_review(application, reviewer, declared_at=MOMENT)
    # The words of a file are kept between requests: those that the office read are not these.
    assert PAYMENT[0] in as_user(Role.OFFICER).get(f"/bureau/aanvragen/{application.id}").text
    client = as_user(reviewer)
    for address in (f"/beoordelen/{review.id}", f"/beoordelen/{review.id}/belang", "/beoordelen/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert not [one for one in (*PAYMENT, SIGNED_BY, WRITTEN) if one in answer.text], address
    assert KVK in client.get(f"/beoordelen/{review.id}").text


def test_it_is_in_no_figure(application: Application, as_user: LogIn, tmp_path: Path) -> None:
    slug = application.round.slug
    client = as_user(Role.EVALUATOR)
    addresses = (
        "/cijfers",
        f"/cijfers/{slug}",
        "/cijfers/aanvragen.csv",
        f"/cijfers/{slug}/aanvragen.csv",
        "/cijfers/evaluatie.json",
    )
    texts = [client.get(address).text for address in addresses]
    texts += [path.read_text(encoding="utf-8") for path in evaluation_files.write(tmp_path)]
    assert any("Gemeente Zoetermeer" in text for text in texts)
    assert not [one for one in (*PAYMENT, SIGNED_BY, WRITTEN) for text in texts if one in text]


def test_a_round_file_holds_answers_to_questions_and_nothing_of_paying(application: Application) -> None:
    application.answers = {"goal": "Samen", "own_aid_received": True, "own_other_money": False}
    db.session.flush()
    exported = export_round(application.round)
    (alone,) = json.loads(exported)["applications"]
    assert alone["answers"] == {"goal": "Samen"}
    assert alone["lead"]["kvk"] == KVK
    assert not [one for one in (*PAYMENT, SIGNED_BY, WRITTEN) if one in exported]
