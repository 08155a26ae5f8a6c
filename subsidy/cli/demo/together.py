"""What people do around an application: join, sign, add files, write to the office, ask about the call."""

from datetime import date, datetime, timedelta
from io import BytesIO

from subsidy.cli.demo import people
from subsidy.cli.demo.clockwork import at, moment
from subsidy.cli.demo.people import Persons
from subsidy.cli.demo.words import (
    ANSWER,
    EXTENSION,
    FROM_APPLICANT,
    FROM_OFFICE,
    QUESTIONS,
)
from subsidy.data import FOLDER
from subsidy.db import db
from subsidy.models import Application, Membership, Round
from subsidy.services import (
    attachments,
    call_questions,
    extension,
    invitations,
    messages,
    signatures,
    signing,
)
from subsidy.services.invitations import Asked
from subsidy.services.signing import Signatory, Statement
from workflows.permissions import Access, Actor

LETTER = FOLDER / "demo" / "steunbrief.pdf"
SUPPORT = "support"
SIGNATORY = Signatory("Demo Bestuurder", "bestuurder")
# Who is invited, and did not answer yet.
INVITED = f"adviseur@{people.DOMAIN}"


def attach_letter(application: Application, *, actor: Actor, now: datetime) -> None:
    """Add a letter of support; a job draws its page."""
    content = LETTER.read_bytes()
    attachments.add(
        application,
        attachments.question_to_add_to(application, SUPPORT, now=now),
        file=BytesIO(content),
        name="Steunbrief Bewonersraad.pdf",
        most_bytes=len(content),
        actor=actor,
        now=now,
    )


def confirm(application: Application, *, actor: Actor, now: datetime) -> None:
    """Sign for the lead applicant, and bring what the partners signed on paper; the last one did not."""
    lead, *partners = application.participations
    seen = signatures.terms_of(application, lead).digest
    signing.sign(application, lead.key, SIGNATORY, seen=seen, actor=actor, now=now)
    content = LETTER.read_bytes()
    for party in partners[:-1]:
        signing.upload(
            application,
            party.key,
            SIGNATORY,
            Statement(BytesIO(content), "Verklaring.pdf", most_bytes=len(content)),
            seen=signatures.terms_of(application, party).digest,
            actor=actor,
            now=now,
        )


def gather(application: Application, persons: Persons, *, lead: str, day: date) -> None:
    """Let a partner join a draft and sign, somebody else be invited, and the office give it a week more."""
    first = next(one for one in application.participations if not one.lead)
    with at(moment(day, 17)) as now:
        application.members.append(
            Membership(
                user_id=persons["partner"].id,
                capacity=Access.SIGN.value,
                participation_key=first.key,
            )
        )
        asked = Asked(INVITED, Access.VIEW)
        invitations.invite(application, asked, words="", actor=people.actor(persons, lead), now=now)
    with at(moment(day, 19, 40)) as now:
        signing.sign(
            application,
            first.key,
            Signatory(persons["partner"].name, "directeur"),
            seen=signatures.terms_of(application, first).digest,
            actor=people.actor(persons, "partner"),
            now=now,
        )
    with at(moment(day, 20)) as now:
        extension.extend(
            application.round,
            extension.code_of(application),
            until=application.round.closes_at + timedelta(days=7),
            reason=EXTENSION,
            actor=people.actor(persons, "medewerker"),
            now=now,
        )


def write_to_each_other(application: Application, persons: Persons, *, lead: str, day: date) -> None:
    """A message of the collaboration, and the answer of the office a day later."""
    with at(moment(day, 11, 12)) as now:
        actor = people.actor(persons, lead)
        messages.send(application, FROM_APPLICANT, from_office=False, seen=None, actor=actor, now=now)
    with at(moment(day + timedelta(days=1), 9, 30)) as now:
        actor = people.actor(persons, "medewerker")
        messages.send(application, FROM_OFFICE, from_office=True, seen=None, actor=actor, now=now)


def ask_about(round_: Round, persons: Persons, *, day: date) -> None:
    """Two questions about the call: the first is answered for everybody to read, the second waits."""
    first, second = QUESTIONS
    with at(moment(day, 13, 5)) as now:
        question = call_questions.ask(round_, first, actor=people.actor(persons, "aanvrager4"), now=now)
    with at(moment(day + timedelta(days=1), 10, 20)) as now:
        call_questions.answer(
            question,
            round_,
            wording=first,
            text=ANSWER,
            publish=True,
            seen=call_questions.version_of(question),
            actor=people.actor(persons, "medewerker"),
            now=now,
        )
    with at(moment(day + timedelta(days=2), 16, 45)) as now:
        call_questions.ask(round_, second, actor=people.actor(persons, "aanvrager"), now=now)
    db.session.commit()
