"""Giving a signature: on the page, or with a statement that was signed on paper."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO

from subsidy.db import db
from subsidy.models import Application, Participation, Signature
from subsidy.services import file_dangers, file_store, outbox, virus_scan
from subsidy.services.attachments import AttachmentRefusedError, safe_name
from subsidy.services.holding import lock
from subsidy.services.media_types import MediaType, accepted_types, media_type_of
from subsidy.services.recording import record
from subsidy.services.signatures import (
    fits,
    open_to_sign,
    required,
    signatures_of,
    signs_for,
    terms_of,
)
from workflows.definition import FileKind
from workflows.permissions import Actor
from workflows.signing import Terms

ONLINE, UPLOADED = "online", "uploaded"
# What a statement may be: on every screen readable, and never changed by opening it.
STATEMENTS = (FileKind.PDF, FileKind.IMAGE)


class SigningError(Exception):
    """A signature is refused; codes: not_open, not_for_you, organisation_unknown, changed_meanwhile."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: their name and their function in the organisation."""

    name: str
    position: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A file with a statement signed on paper, as somebody sent it; it may have `most_bytes`."""

    file: IO[bytes]
    name: str
    most_bytes: int


def sign(
    application: Application,
    participation_key: str,
    signatory: Signatory,
    *,
    seen: str,
    actor: Actor,
    now: datetime,
) -> Signature:
    """Confirm for one's own organisation; `seen` is the digest of the terms that the page showed.

    The same once more (a double click) is the signature that is there. Raises SigningError, GoneError.
    """
    lock(application)
    participation = _party(application, participation_key)
    membership = next((one for one in application.members if one.user_id == actor.user_id), None)
    if signs_for(application, membership) is not participation:
        raise SigningError("not_for_you")
    terms = terms_of(application, participation)
    if terms.digest != seen:
        raise SigningError("changed_meanwhile")
    for one in signatures_of(application):
        if (
            one.participation_key == participation.key
            and one.signed_by == actor.user_id
            and _holds(one, terms)
        ):
            return one
    signature = _made(application, participation, signatory, terms, actor=actor, now=now)
    return _kept(application, signature, actor=actor, now=now)


def upload(
    application: Application,
    participation_key: str,
    signatory: Signatory,
    statement: Statement,
    *,
    seen: str,
    actor: Actor,
    now: datetime,
) -> Signature:
    """Keep a statement that was signed on paper: a PDF or an image, known by its bytes.

    It is for the terms that the page showed (`seen`), not for what somebody typed since. Raises
    SigningError, AttachmentRefusedError, GoneError.
    """
    lock(application)
    participation = _party(application, participation_key)
    terms = terms_of(application, participation)
    if terms.digest != seen:
        raise SigningError("changed_meanwhile")
    file = statement.file
    kind = _accepted(file, statement.most_bytes)
    file.seek(0)
    try:
        stored = file_store.put(iter(lambda: file.read(file_store.CHUNK), b""), media_type=kind.name, now=now)
    except file_store.CannotStoreError as error:
        raise AttachmentRefusedError("cannot_store") from error
    for one in signatures_of(application):
        same = one.participation_key == participation.key and one.statement_sha256 == stored.sha256
        if same and _holds(one, terms) and one.statement_scan != "infected":
            return one
    signature = _made(application, participation, signatory, terms, actor=actor, now=now)
    signature.kind = UPLOADED
    signature.statement_sha256, signature.statement_name = (
        stored.sha256,
        safe_name(statement.name, kind.ending),
    )
    if not virus_scan.switched_on():
        return _kept(application, signature, actor=actor, now=now)
    signature.statement_scan = "waiting"
    kept = _kept(application, signature, actor=actor, now=now)
    outbox.post("scan_statement", f"scan-statement:{kept.id}", {"signature_id": kept.id}, now=now)
    return kept


def _accepted(file: IO[bytes], most_bytes: int) -> MediaType:
    """Give the kind of a file that can be read on every screen and does nothing by itself."""
    size = file.seek(0, 2)
    if size == 0:
        raise AttachmentRefusedError("empty")
    if size > most_bytes:
        raise AttachmentRefusedError("too_large", most=most_bytes)
    kind = media_type_of(file)
    if kind is None or kind not in accepted_types(STATEMENTS):
        raise AttachmentRefusedError("kind_not_here")
    danger = file_dangers.danger_in(file, kind)
    if danger is not None:
        raise AttachmentRefusedError(danger)
    return kind


def _party(application: Application, participation_key: str) -> Participation:
    if not open_to_sign(application) or not required(application):
        raise SigningError("not_open")
    found = next((one for one in application.participations if one.key == participation_key), None)
    if found is None:
        raise SigningError("organisation_unknown")
    return found


def _made(
    application: Application,
    party: Participation,
    signatory: Signatory,
    terms: Terms,
    *,
    actor: Actor,
    now: datetime,
) -> Signature:
    return Signature(
        application_id=application.id,
        participation_key=party.key,
        organisation=party.name,
        kind=ONLINE,
        name=signatory.name,
        position=signatory.position,
        signed_by=actor.user_id,
        signed_at=now,
        application_version=application.version,
        terms=terms.stored(),
        terms_digest=terms.digest,
    )


def _kept(application: Application, signature: Signature, *, actor: Actor, now: datetime) -> Signature:
    db.session.add(signature)
    db.session.flush()
    record(
        application,
        "signature.given" if signature.kind == ONLINE else "signature.uploaded",
        actor,
        now,
        {"name": signature.name, "position": signature.position},
        signature=signature.id,
        version=signature.application_version,
        terms=signature.terms_digest,
    )
    return signature


def _holds(signature: Signature, terms: Terms) -> bool:
    return signature.voided_at is None and fits(signature, terms)
