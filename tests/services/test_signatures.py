"""Confirmations by partners: for which terms they hold, when they fall away, and who is asked again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from subsidy import jobs
from subsidy.access import actor_of
from subsidy.db import db
from subsidy.models import (
    Application,
    BudgetLine,
    Event,
    Mail,
    Membership,
    OutboxRow,
    Participation,
    Signature,
    Supplement,
    User,
)
from subsidy.services import events, file_store, signatures, signing
from subsidy.services.attachments import AttachmentRefusedError
from subsidy.services.signatures import State
from subsidy.services.signing import Signatory, SigningError, Statement
from tests.conftest import Clock, QueryCount
from tests.factories import MOMENT, make_application, make_round, make_user
from workflows.kinds import KINDS
from workflows.permissions import Role

SIGNING = KINDS["netwerk"].model_copy(update={"signatures_required": True})
DIRECTOR = Signatory("Anna de Vries", "directeur")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
LATER = MOMENT + timedelta(hours=1)


@pytest.fixture
def lead(app: object) -> User:
    return make_user(Role.APPLICANT)


@pytest.fixture
def application(lead: User) -> Application:
    made = make_application(make_round(definition=SIGNING), "draft", member=lead)
    made.budget = [
        BudgetLine(position=0, kind="cost", description="Inzet", amount_cents=1_200_000),
        BudgetLine(position=1, kind="own", description="Eigen uren", amount_cents=100_000),
        BudgetLine(
            position=2,
            kind="cofinancing",
            description="Fonds",
            amount_cents=100_000,
            participation_key=made.participations[1].key,
        ),
    ]
    db.session.flush()
    return made


@pytest.fixture
def partner(application: Application) -> User:
    """Somebody who signs for the second organisation."""
    user = make_user(Role.APPLICANT)
    db.session.add(
        Membership(
            application_id=application.id,
            user_id=user.id,
            capacity="sign",
            participation_key=application.participations[1].key,
        )
    )
    db.session.flush()
    db.session.expire(application)
    return user


def sign(application: Application, user: User, at: int = 1, now: datetime = MOMENT) -> Signature:
    party = application.participations[at]
    seen = signatures.terms_of(application, party).digest
    return signing.sign(application, party.key, DIRECTOR, seen=seen, actor=actor_of(user), now=now)


def states(application: Application) -> list[str]:
    return [one.state.value for one in signatures.standing(application)]


def test_a_partner_confirms_the_terms_of_this_version(application: Application, partner: User) -> None:
    application.version = 7
    signature = sign(application, partner)
    assert (signature.name, signature.position, signature.organisation) == (
        "Anna de Vries",
        "directeur",
        "Huisartsen Zoetermeer",
    )
    assert (signature.signed_at, signature.application_version) == (MOMENT, 7)
    assert signature.terms["asked_cents"] == 1_000_000
    assert (signature.terms["own_cents"], signature.terms["cofinancing_cents"]) == (0, 100_000)
    assert states(application) == ["missing", "signed", "missing", "missing"]
    event = db.session.scalars(select(Event).where(Event.name == "signature.given")).one()
    assert "Anna" not in str(event.facts)
    assert list(events.verify()) == []


def test_the_leader_signs_for_the_lead_applicant_who_answers_for_money_of_nobody(
    application: Application, lead: User
) -> None:
    signature = sign(application, lead, at=0)
    assert (signature.terms["own_cents"], signature.terms["cofinancing_cents"]) == (100_000, 0)
    assert len(signatures.signatures_missing(application)) == 3


def test_a_double_click_signs_once(application: Application, partner: User) -> None:
    assert sign(application, partner) is sign(application, partner)


@pytest.mark.parametrize("at", [0, 2])
def test_nobody_signs_for_another_organisation(application: Application, partner: User, at: int) -> None:
    with pytest.raises(SigningError, match="not_for_you"):
        sign(application, partner, at=at)


def test_who_only_fills_in_does_not_sign(application: Application, partner: User) -> None:
    membership = db.session.scalars(select(Membership).where(Membership.user_id == partner.id)).one()
    membership.capacity = "edit"
    with pytest.raises(SigningError, match="not_for_you"):
        sign(application, partner)


def test_terms_that_changed_under_the_reader_are_not_signed(application: Application, partner: User) -> None:
    party = application.participations[1]
    seen = signatures.terms_of(application, party).digest
    application.requested_cents += 1
    with pytest.raises(SigningError, match="changed_meanwhile"):
        signing.sign(application, party.key, DIRECTOR, seen=seen, actor=actor_of(partner), now=MOMENT)


def test_nothing_is_signed_once_it_is_being_treated(application: Application, partner: User) -> None:
    application.reference, application.submitted_at = "T-1", MOMENT
    application.state = "eligible"
    with pytest.raises(SigningError, match="not_open"):
        sign(application, partner)


def test_where_the_round_asks_no_signatures_nobody_is_bothered(lead: User) -> None:
    application = make_application(make_round("regiobeeld"), "draft", member=lead)
    assert signatures.standing(application) == ()
    with pytest.raises(SigningError, match="not_open"):
        sign(application, lead, at=0)


def ask_more(application: Application) -> None:
    application.requested_cents += 100


def pay_more(application: Application) -> None:
    application.budget[2].amount_cents += 100


def add_partner(application: Application) -> None:
    application.participations.append(Participation(position=9, name="Erbij", domain="burgers"))


def take_longer(application: Application) -> None:
    application.months = 9


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (ask_more, "amount"),
        (pay_more, "contributions"),
        (add_partner, "partners"),
        (take_longer, "duration"),
    ],
)
def test_a_change_of_the_terms_voids_and_says_why(
    application: Application, partner: User, change: Callable[[Application], None], code: str
) -> None:
    sign(application, partner)
    change(application)
    signatures.reconsider(application, now=LATER)
    standing = signatures.standing(application)[1]
    assert (standing.state, standing.why) == (State.OUTDATED, (code,))
    assert standing.signature is not None
    assert (standing.signature.voided_at, standing.signature.voided_for) == (LATER, [code])


def test_other_texts_and_the_money_of_others_void_nothing(application: Application, partner: User) -> None:
    sign(application, partner)
    application.summary, application.answers = "Een betere tekst", {"plan": "anders"}
    application.budget[1].amount_cents += 5_000
    application.participations[1].name = "huisartsen zoetermeer"
    signatures.reconsider(application, now=LATER)
    assert states(application)[1] == "signed"
    assert signatures.standing(application)[1].why == ()


def test_when_the_terms_are_the_same_again_the_signature_counts_again(
    application: Application, partner: User
) -> None:
    signature = sign(application, partner)
    ask_more(application)
    signatures.reconsider(application, now=LATER)
    application.requested_cents -= 100
    signatures.reconsider(application, now=LATER)
    assert (signature.voided_at, signature.voided_for) == (None, [])
    assert states(application)[1] == "signed"


@pytest.mark.parametrize(
    ("before", "state"), [(timedelta(hours=24, seconds=1), "outdated"), (timedelta(hours=24), "signed")]
)
@pytest.mark.parametrize("own", [False, True])
def test_in_the_last_day_before_the_deadline_nothing_is_voided(
    application: Application, partner: User, before: timedelta, state: str, *, own: bool
) -> None:
    deadline = application.round.closes_at
    if own:
        deadline = application.deadline_at = deadline + timedelta(days=3)
    sign(application, partner)
    ask_more(application)
    signatures.reconsider(application, now=deadline - before)
    standing = signatures.standing(application)[1]
    assert (standing.state, standing.why) == (state, ("amount",))


def test_the_last_day_to_supplement_is_spared_too(application: Application, partner: User) -> None:
    sign(application, partner)
    application.reference, application.submitted_at = "T-1", MOMENT
    application.state = "supplement_requested"
    last_day = date(2026, 5, 18)
    db.session.add(
        Supplement(
            application_id=application.id,
            requested_at=MOMENT,
            requested_by=partner.id,
            sections=["project"],
            asked="Vul aan",
            last_day=last_day,
        )
    )
    db.session.flush()
    ask_more(application)
    signatures.reconsider(application, now=datetime.fromisoformat("2026-05-18T09:00:00+02:00"))
    assert states(application)[1] == "signed"
    signatures.reconsider(application, now=datetime.fromisoformat("2026-05-17T09:00:00+02:00"))
    assert states(application)[1] == "outdated"


def test_signing_again_counts_and_the_old_signature_stays(application: Application, partner: User) -> None:
    first = sign(application, partner)
    ask_more(application)
    signatures.reconsider(application, now=LATER)
    second = sign(application, partner, now=LATER)
    assert second is not first
    assert states(application)[1] == "signed"
    application.requested_cents -= 100
    signatures.reconsider(application, now=LATER)
    standing = signatures.standing(application)[1]
    assert (standing.state, standing.signature) == (State.SIGNED, first)


def test_a_partner_that_left_is_not_listed_and_its_signature_is_void(
    application: Application, partner: User
) -> None:
    signature = sign(application, partner)
    application.participations.remove(application.participations[1])
    db.session.flush()
    signatures.reconsider(application, now=LATER)
    assert signature.voided_for == ["partners"]
    assert states(application) == ["missing"] * 3


def run_jobs() -> list[str]:
    """Do the work that is due; gives the mails that were written."""
    db.session.commit()
    jobs.drain_here(300)
    return list(db.session.scalars(select(Mail.recipient).order_by(Mail.id)))


def test_who_signed_is_asked_again_once_and_after_a_while(
    application: Application, partner: User, clock: Clock
) -> None:
    sign(application, partner)
    for _save in range(3):  # somebody is typing
        ask_more(application)
        signatures.reconsider(application, now=MOMENT)
    assert run_jobs() == []
    clock.now = MOMENT + signatures.PATIENCE
    assert run_jobs() == [partner.email]
    assert run_jobs() == [partner.email]


def test_nobody_is_asked_when_all_is_well_in_the_meantime(
    application: Application, partner: User, clock: Clock
) -> None:
    sign(application, partner)
    ask_more(application)
    signatures.reconsider(application, now=MOMENT)
    sign(application, partner)
    clock.now = MOMENT + signatures.PATIENCE
    assert run_jobs() == []
    assert (
        db.session.scalars(select(OutboxRow).where(OutboxRow.topic == "sign_again")).one().done_at is not None
    )


def test_when_who_signed_has_left_the_leader_is_asked(
    application: Application, partner: User, lead: User, clock: Clock
) -> None:
    sign(application, partner)
    application.members.remove(next(one for one in application.members if one.user_id == partner.id))
    ask_more(application)
    signatures.reconsider(application, now=MOMENT)
    clock.now = MOMENT + signatures.PATIENCE
    assert run_jobs() == [lead.email]


def upload(
    application: Application, lead: User, content: bytes = PDF, name: str = "a.pdf", seen: str = ""
) -> Signature:
    return signing.upload(
        application,
        application.participations[2].key,
        DIRECTOR,
        Statement(BytesIO(content), name, 10_000),
        seen=seen or signatures.terms_of(application, application.participations[2]).digest,
        actor=actor_of(lead),
        now=MOMENT,
    )


def test_a_statement_on_paper_counts_as_much(application: Application, lead: User) -> None:
    signature = upload(application, lead, name="../../Verklaring <b>.exe")
    assert signature.statement_sha256 is not None
    assert file_store.read(signature.statement_sha256) == PDF
    assert signature.statement_name == "Verklaring b .exe.pdf"
    assert states(application)[2] == "signed"
    assert upload(application, lead) is signature
    assert signatures.find_statement(application, signature.id) is signature
    other = make_application(application.round, "draft")
    assert signatures.find_statement(other, signature.id) is None
    ask_more(application)
    signatures.reconsider(application, now=LATER)
    assert states(application)[2] == "outdated"


def test_a_statement_for_other_terms_is_not_taken(application: Application, lead: User) -> None:
    printed = signatures.terms_of(application, application.participations[2]).digest
    ask_more(application)
    with pytest.raises(SigningError, match="changed_meanwhile"):
        upload(application, lead, seen=printed)
    assert states(application)[2] == "missing"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (PDF + b" " * 10_000, "too_large"),
        (b"<script>alert(1)</script>", "kind_not_here"),
        (
            b"%PDF-1.7\n1 0 obj\n<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\nendobj\n%%EOF\n",
            "pdf_runs",
        ),
    ],
)
def test_a_statement_is_what_its_bytes_are(
    application: Application, lead: User, content: bytes, code: str
) -> None:
    with pytest.raises(AttachmentRefusedError, match=code):
        upload(application, lead, content)
    assert states(application)[2] == "missing"


def test_an_application_without_signatures_pays_one_query_for_a_save(
    application: Application, partner: User, count_queries: type[QueryCount]
) -> None:
    signatures.reconsider(application, now=LATER)
    with count_queries() as queries:
        signatures.reconsider(application, now=LATER)
    assert queries.count == 1


def test_the_version_that_was_sent_in_is_known(application: Application, lead: User) -> None:
    assert signatures.sent_version(application) is None
    for name, version in (("application.submitted", 12), ("application.supplemented", 15)):
        events.append(
            name,
            at=MOMENT,
            actor_id=lead.id,
            round_id=application.round_id,
            application_id=application.id,
            facts={"version": version},
        )
    db.session.flush()
    assert signatures.sent_version(application) == 15


def test_a_signature_is_of_the_organisation_that_gave_it_whatever_key_another_takes(
    application: Application, partner: User
) -> None:
    sign(application, partner)
    signed, other = application.participations[1], application.participations[2]
    signed.key, other.key = other.key, signed.key
    db.session.flush()
    signatures.reconsider(application, now=MOMENT)
    after = signatures.standing(application)[2]
    assert (after.participation, after.state, after.why) == (other, State.OUTDATED, ("partners",))
