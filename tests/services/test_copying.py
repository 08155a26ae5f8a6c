"""An application that is over begins anew in a later round: what goes along, and what does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from subsidy.db import db
from subsidy.models import (
    AidReceived,
    Application,
    Attachment,
    BudgetLine,
    Decision,
    Membership,
    OtherMoney,
    Participation,
    Review,
    Round,
    Signature,
    StoredFile,
    User,
)
from subsidy.services import applications, copying, snapshots
from subsidy.services.carrying_over import Why
from subsidy.services.copying import NotCopiableError
from tests.conftest import QueryCount
from tests.factories import MOMENT, make_application, make_review, make_round, make_user
from workflows.definition import RoundDefinition
from workflows.kinds import KINDS
from workflows.permissions import Actor, Grant, Role

DAY = timedelta(days=1)
EARLIER = {"opens_at": MOMENT - 90 * DAY, "closes_at": MOMENT - 60 * DAY}


def actor(user: User) -> Actor:
    return Actor(user_id=user.id, grants=frozenset({Grant(Role.APPLICANT)}))


@pytest.fixture
def applicant(app: Flask) -> User:
    return make_user(Role.APPLICANT)


def decide(application: Application, *, announced: bool = True) -> None:
    db.session.add(
        Decision(
            application_id=application.id,
            round_id=application.round_id,
            outcome=application.state,
            amount_cents=0,
            motivation="Te weinig samenhang.",
            imported=True,
            decided_on=MOMENT.date(),
            proposed_at=MOMENT,
            confirmed_at=MOMENT,
            announced_at=MOMENT if announced else None,
            basis={},
        )
    )
    db.session.flush()


def rejected(applicant: User, round_: Round | None = None, **values: Any) -> Application:
    application = make_application(
        round_ or make_round("netwerk", **EARLIER), "rejected", member=applicant, **values
    )
    decide(application)
    return application


def changed(kind: str = "netwerk", **changes: Any) -> RoundDefinition:
    content = KINDS[kind].model_dump(mode="json")
    return RoundDefinition.model_validate({**content, **changes})


def test_it_can_be_used_again_in_open_rounds_of_its_kind_that_began_later(applicant: User) -> None:
    application = rejected(applicant)
    later = make_round("netwerk")
    make_round("doorontwikkeling")
    make_round("netwerk", opens_at=MOMENT - 200 * DAY)  # opened before its own
    make_round("netwerk", opens_at=MOMENT + DAY)
    make_round("netwerk", opens_at=MOMENT - 20 * DAY, closes_at=MOMENT - DAY)
    make_round("netwerk", state="draft", published_at=None)
    assert copying.rounds_for(application, MOMENT) == [later]


@pytest.mark.parametrize("state", ["draft", "submitted", "eligible", "in_review", "awarded"])
def test_what_is_not_over_is_not_used_again(applicant: User, state: str) -> None:
    make_round("netwerk")
    application = make_application(make_round("netwerk", **EARLIER), state, member=applicant)
    assert copying.rounds_for(application, MOMENT) == []


def test_a_decision_that_was_not_announced_shows_nothing(applicant: User) -> None:
    later = make_round("netwerk")
    application = make_application(make_round("netwerk", **EARLIER), "rejected", member=applicant)
    decide(application, announced=False)
    assert copying.rounds_for(application, MOMENT) == []
    with pytest.raises(NotCopiableError):
        copying.copy(application, later, actor=actor(applicant), now=MOMENT)


def test_everything_that_both_forms_ask_goes_along(applicant: User) -> None:
    other = make_user(Role.APPLICANT)
    keys = ("a" * 16, "b" * 16)
    application = rejected(
        applicant,
        make_round("netwerk", definition=changed(asks_state_aid=True), **EARLIER),
        title="Samen",
        answers={"approach": "Zo", "worked_together": True, "own_other_money": True},
        participations=[
            Participation(position=0, lead=True, name="Gemeente", domain="gemeente", key=keys[0]),
            Participation(position=1, name="Bewoners", domain="burgers", key=keys[1]),
        ],
        budget=[
            BudgetLine(
                position=0,
                category="personeel",
                description="Leider",
                amount_cents=700,
                participation_key=keys[1],
                year=1,
            )
        ],
        aid=[
            AidReceived(
                position=0, participation_key=keys[0], regulation="sgei", grantor="Rijk", amount_cents=5
            )
        ],
        other_money=[OtherMoney(position=0, source="iza", description="Regio", amount_cents=9)],
    )
    db.session.add(Membership(application_id=application.id, user_id=other.id, capacity="edit"))
    db.session.add(
        Signature(
            application_id=application.id,
            participation_key=keys[0],
            organisation="Gemeente",
            kind="online",
            name="A",
            position="B",
            signed_at=MOMENT,
            application_version=1,
            terms={},
            terms_digest="x",
        )
    )
    make_review(application, make_user(Role.REVIEWER), score=3)
    db.session.merge(StoredFile(sha256="ab" * 32, media_type="application/pdf", size=3, stored_at=MOMENT))
    application.attachments.append(
        Attachment(
            question="attachments",
            file_name="plan.pdf",
            media_type="application/pdf",
            size=3,
            sha256="ab" * 32,
            uploaded_at=MOMENT - DAY,
        )
    )
    later = make_round("netwerk", definition=changed(asks_state_aid=True))
    db.session.commit()

    copied = copying.copy(application, later, actor=actor(applicant), now=MOMENT)
    db.session.commit()
    db.session.expire_all()
    draft = db.session.get_one(Application, copied.draft.id)
    questions = {question.id for question in snapshots.definition_of(later).questions}
    assert [one.name for one in copied.left_out] == ([] if "attachments" in questions else ["plan.pdf"])
    assert (draft.state, draft.reference, draft.copied_from) == ("draft", None, application.reference)
    assert (draft.title, draft.months, draft.requested_cents) == ("Samen", 6, 1_000_000)
    assert draft.answers == {"approach": "Zo", "worked_together": True, "own_other_money": True}
    new_keys = [one.key for one in draft.participations]
    assert not set(new_keys) & set(keys)
    assert [(one.name, one.lead) for one in draft.participations] == [("Gemeente", True), ("Bewoners", False)]
    assert [(one.participation_key, one.year) for one in draft.budget] == [(new_keys[1], 1)]
    assert [one.participation_key for one in draft.aid] == [new_keys[0]]
    assert [(one.source, one.amount_cents) for one in draft.other_money] == [("iza", 9)]
    assert [one.given_code for one in draft.municipalities] == ["GM0637"]
    assert [(one.user_id, one.capacity) for one in draft.members] == [(applicant.id, "lead")]
    for table in (Signature, Review, Decision):
        count = select(func.count()).select_from(table).where(table.application_id == draft.id)
        assert db.session.scalar(count) == 0
    assert draft.submitted_at is None
    # The earlier application says what it said.
    stored = db.session.get_one(Application, application.id)
    assert [one.key for one in stored.participations] == list(keys)
    assert [one.participation_key for one in stored.budget] == [keys[1]]


def test_files_go_along_as_the_same_bytes(applicant: User) -> None:
    question = next(one.id for one in KINDS["netwerk"].questions if one.kind == "file")
    application = rejected(applicant)
    db.session.merge(StoredFile(sha256="cd" * 32, media_type="application/pdf", size=3, stored_at=MOMENT))
    for name, scan, asked in (
        ("plan.pdf", "unscanned", question),
        ("virus.pdf", "infected", question),
        ("oud.pdf", "clean", "gone"),
    ):
        application.attachments.append(
            Attachment(
                question=asked,
                file_name=name,
                media_type="application/pdf",
                size=3,
                sha256="cd" * 32,
                uploaded_at=MOMENT - DAY,
                scan=scan,
            )
        )
    later = make_round("netwerk")
    copied = copying.copy(application, later, actor=actor(applicant), now=MOMENT)
    (file,) = copied.draft.attachments
    assert (file.file_name, file.sha256, file.uploaded_by) == ("plan.pdf", "cd" * 32, applicant.id)
    assert sorted(one.name for one in copied.left_out if one.why is Why.FILE) == ["oud.pdf", "virus.pdf"]
    assert len(application.attachments) == 3


def test_what_is_asked_otherwise_is_left_out_and_told(applicant: User) -> None:
    label = {"nl": "Vraag", "en": "Question"}
    option = [{"value": value, "label": label} for value in ("a", "b")]

    def form(**questions: dict[str, Any]) -> RoundDefinition:
        sections = [
            {
                "id": "more",
                "kind": "questions",
                "title": label,
                "questions": [{"id": name, "label": label, **rest} for name, rest in questions.items()],
            },
            *(
                section
                for section in KINDS["netwerk"].model_dump(mode="json")["sections"]
                if section["kind"] != "questions"
            ),
        ]
        return changed(sections=sections)

    old = form(
        same={"kind": "short_text"},
        kind={"kind": "short_text"},
        choice={"kind": "choice", "options": option},
        several={"kind": "choices", "options": option},
        table={"kind": "table", "columns": [{"id": "x", "label": label}]},
        long={"kind": "long_text"},
        gone={"kind": "short_text"},
    )
    new = form(
        same={"kind": "short_text"},
        kind={"kind": "yes_no"},
        choice={"kind": "choice", "options": option[1:]},
        several={"kind": "choices", "options": option[1:]},
        table={"kind": "table", "columns": [{"id": "x", "label": label, "kind": "money"}]},
        long={"kind": "long_text", "max_words": 2},
    ).model_copy(update={"themes": (), "asks_other_money": False})
    application = rejected(
        applicant,
        make_round("netwerk", definition=old, **EARLIER),
        answers={
            "same": "blijft",
            "kind": "ja",
            "choice": "a",
            "several": ["a", "b"],
            "table": [{"x": "1"}],
            "long": "een twee drie",
            "gone": "weg",
            "own_other_money": False,
        },
        budget=[BudgetLine(position=0, category="vroeger", description="Iets", amount_cents=3)],
    )
    later = make_round("netwerk", definition=new)
    copied = copying.copy(application, later, actor=actor(applicant), now=MOMENT)
    assert copied.draft.answers == {"same": "blijft", "several": ["b"], "long": "een twee drie"}
    told = [(one.why, one.question.id if one.question else "") for one in copied.left_out]
    assert told == [
        (Why.ASKED_OTHERWISE, "kind"),
        (Why.CHOICE_GONE, "choice"),
        (Why.CHOICE_GONE, "several"),
        (Why.ASKED_OTHERWISE, "table"),
        (Why.TOO_LONG, "long"),
        (Why.THEMES, ""),
        (Why.COSTS, ""),
    ]
    assert [(one.category, one.amount_cents) for one in copied.draft.budget] == [("", 3)]


def test_pressed_twice_it_is_one_draft_also_after_it_was_changed(real_app: Flask) -> None:
    with real_app.app_context():
        applicant = make_user(Role.APPLICANT)
        application_id = rejected(applicant).id
        round_id = make_round("netwerk").id
        who = actor(applicant)
        db.session.commit()

    def press(_time: int) -> int:
        with real_app.app_context():
            application = db.session.get_one(Application, application_id)
            round_ = db.session.get_one(Round, round_id)
            copied = copying.copy(application, round_, actor=who, now=MOMENT)
            db.session.commit()
            return copied.draft.id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(press, range(4)))) == 1
    with real_app.app_context():
        # It is no untouched draft: who starts anew gets an empty one.
        empty = applications.start(db.session.get_one(Round, round_id), actor=who, now=MOMENT)
        assert empty.copied_from is None


def test_copying_costs_the_same_for_one_and_for_three_lines(
    applicant: User, count_queries: type[QueryCount]
) -> None:
    counts = []
    for many in (1, 1, 3):  # the first reads the municipalities as well
        application = rejected(
            applicant,
            budget=[
                BudgetLine(position=n, category="personeel", description=f"Regel {n}", amount_cents=n)
                for n in range(many)
            ],
        )
        later = make_round("netwerk")
        db.session.commit()
        key = application.id
        db.session.expire_all()
        application = db.session.get_one(Application, key)
        with count_queries() as counted:
            rounds = copying.rounds_for(application, MOMENT)
            copying.copy(application, later, actor=actor(applicant), now=MOMENT)
        assert later in rounds
        counts.append(sum(one.startswith("SELECT") for one in counted.statements))
        db.session.rollback()
    assert counts[1] == counts[2]
