"""A round frozen as it was: what a division was made from, so that it can be made again years later.

Only what the rules read is kept: no answers, no summaries. The same round gives the same digest, so that
the decisions of one day share one row. Decisions and scenarios name the digest.
"""

import gzip
import zlib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import select

from subsidy.db import db, insert_into, json_text
from subsidy.models import FrozenRound, Round
from subsidy.services import findings, reference
from subsidy.services.basis import FindingBasis
from subsidy.services.calculations import Material
from workflows.eligibility import PriorAward
from workflows.snapshot import ApplicationSnapshot, RoundSnapshot
from workflows.values import Model

FORMAT = "frozen-round/1"


class Content(Model):
    """The JSON of a frozen round. An award: its kind, whether it was one, decided on, and ends on.

    `findings` are the checks that failed when the office gave its verdict. They are there where somebody
    has a verdict, but not in what was frozen before they were part of it: without them the digest of any
    other round stays what it was.

    Read in one pass: as plain dicts first, a large round is made twice, and the collector goes over both.
    """

    format: Literal["frozen-round/1"]
    reference_version: str
    round: RoundSnapshot
    applications: tuple[ApplicationSnapshot, ...]
    withdrawn: frozenset[str]
    verdicts: dict[str, bool]
    awards: dict[str, tuple[str, bool, date | None, date | None]]
    findings: dict[str, tuple[FindingBasis, ...]] | None = None


class FrozenDamagedError(Exception):
    """What was frozen is gone or no longer has the digest under which it was kept."""


def keep(round_: Round, material: Material, *, now: datetime) -> str:
    """Freeze a round in the caller's transaction; returns its SHA-256. Twice the same is kept once."""
    content = _content(round_, material)
    digest = sha256(content).hexdigest()
    db.session.execute(
        insert_into(FrozenRound)
        .values(
            sha256=digest,
            round_id=round_.id,
            # No time in it: the same content gives the same bytes.
            content=gzip.compress(content, mtime=0),
            frozen_at=now,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return digest


def digest_of(round_: Round, material: Material) -> str:
    """Return the SHA-256 under which a round would be frozen; nothing is stored."""
    return sha256(_content(round_, material)).hexdigest()


def digest_of_rules(rules: Mapping[str, Any]) -> str:
    """Return the SHA-256 of rules as JSON."""
    return sha256(json_text(rules).encode()).hexdigest()


def contents_of(digests: Collection[str]) -> dict[str, bytes]:
    """Return what is stored under these digests, for `thaw`; one query for all, none for none."""
    if not digests:
        return {}
    rows = db.session.execute(
        select(FrozenRound.sha256, FrozenRound.content).where(FrozenRound.sha256.in_(digests))
    )
    return dict(rows.all())


def thaw(digest: str, stored: bytes | None = None) -> Material:
    """Give the round as it was frozen under this digest. Raises FrozenDamagedError.

    `stored` is its content, for who read several at once.
    """
    return _from_content(Content.model_validate_json(read(digest, stored)))


def read(digest: str, stored: bytes | None = None) -> bytes:
    """Give the JSON that was frozen under this digest, checked against it. Raises FrozenDamagedError."""
    found = stored or contents_of({digest}).get(digest)
    if found is None:
        raise FrozenDamagedError(f"nothing was frozen under {digest}")
    try:
        content = gzip.decompress(found)
    except (OSError, EOFError, zlib.error) as error:
        raise FrozenDamagedError(f"{digest} cannot be read") from error
    if sha256(content).hexdigest() != digest:
        raise FrozenDamagedError(f"{digest} was changed")
    return content


def _content(round_: Round, material: Material) -> bytes:
    return json_text(_as_json(round_, material)).encode()


def _as_json(round_: Round, material: Material) -> dict[str, Any]:
    mine = {one.reference for one in material.applications}
    verdicts = {name: verdict for name, verdict in material.verdicts.items() if name in mine}
    return {
        "format": FORMAT,
        "reference_version": round_.reference_version,
        "round": material.round.model_dump(mode="json", exclude_defaults=True),
        "applications": [
            one.model_dump(mode="json", exclude_defaults=True, exclude={"answers", "summary"})
            for one in sorted(material.applications, key=lambda one: one.reference)
        ],
        "withdrawn": sorted(material.withdrawn & mine),
        "verdicts": verdicts,
        "awards": {
            name: [award.kind, award.awarded, _iso(award.decided_on), _iso(award.ends_on)]
            for name, award in material.awards.items()
        },
        **({"findings": _found(round_, material)} if verdicts else {}),
    }


def _found(round_: Round, material: Material) -> dict[str, list[dict[str, Any]]]:
    """Give what was read with the material, or what is stored now for who read none."""
    if material.found is None:
        material = findings.judged(material, findings.failed_in(round_))
    return {
        name: [one.model_dump(mode="json") for one in some] for name, some in (material.found or {}).items()
    }


def _from_content(content: Content) -> Material:
    return Material(
        content.round,
        content.applications,
        reference.reference_of(content.reference_version),
        content.verdicts,
        {name: PriorAward(*award) for name, award in content.awards.items()},
        content.withdrawn,
        content.findings,
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
