"""The digest of what a decision says: the event of its proposal holds it, so that a change of it shows."""

from hashlib import sha256

from subsidy.db import json_text
from subsidy.models import Decision

# Fixed from the proposal on; who confirmed it and when it was announced have events of their own.
SAYS = (
    "application_id",
    "round_id",
    "kind",
    "replaces_id",
    "outcome",
    "amount_cents",
    "ground",
    "reserve_place",
    "motivation",
    "departure",
    "reason",
    "remedy_of",
    "mandate_id",
    "frozen_sha256",
    "basis",
)
DAYS = ("ends_on", "announce_on", "objection_last_day")


def digest_of(decision: Decision) -> str:
    """Give the SHA-256 of all that a decision says and rests on, in hex."""
    said = {name: getattr(decision, name) for name in SAYS}
    days = {name: day and day.isoformat() for name in DAYS for day in [getattr(decision, name)]}
    return sha256(json_text(said | days).encode()).hexdigest()
