"""The office as it stands at the head of everything that leaves as a PDF."""

from flask import current_app

import config
from subsidy.documents.letter import Office


def letterhead() -> Office:
    """Return the office of this installation, from its settings."""
    settings: config.Settings = current_app.config["SETTINGS"]
    return Office(
        name=settings.office_name,
        address_lines=settings.office_address,
        email=settings.office_email,
        phone=settings.office_phone,
    )
