"""The office as it stands at the head of everything that leaves as a PDF."""

from flask import current_app

import config
from subsidy.documents.letter import Office
from subsidy.services import letterheads

# Where anybody asks whether a letter is genuine.
CHECK_PATH = "/echt"


def letterhead() -> Office:
    """Return the office of this installation: its newest letterhead, else its settings."""
    settings: config.Settings = current_app.config["SETTINGS"]
    check_at = f"{settings.base_url}{CHECK_PATH}"
    saved = letterheads.find_newest()
    if saved is None:
        return Office(
            name=settings.office_name,
            address_lines=settings.office_address,
            email=settings.office_email,
            phone=settings.office_phone,
            check_at=check_at,
        )
    return Office(
        name=saved.name,
        address_lines=tuple(saved.address.splitlines()),
        email=saved.email,
        phone=saved.phone,
        website=saved.website,
        logo_sha256=saved.logo_sha256 or "",
        logo_text=saved.logo_text,
        check_at=check_at,
    )
