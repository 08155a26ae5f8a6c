"""An application without the names of who applies, for reviewers of a round that hides them.

Organisations become "Lead applicant" and "Partner 2", with their domain and without KvK number; files get a
number for a name; questions that are marked as naming the applicant are left out with their files. What
people write about themselves in a text, or in a file that they attach, stays as it is: nobody can take that
out without reading it, so the call has to ask not to name anybody there.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from flask_babel import gettext as _

from subsidy.models import Application, Attachment
from subsidy.services.entries import PartnersEntry
from workflows.definition import RoundDefinition


@dataclass(frozen=True, slots=True)
class NamelessFile:
    """A file as reviewers see it who may not know who applies: its own name and its uploader are left out."""

    id: int
    question: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    scan: str
    uploaded_at: datetime
    uploader: None = None


def nameless_file(attachment: Attachment) -> NamelessFile:
    """Give a file under a number; the ending of its name stays, so that a program knows it."""
    number = _("Attachment %(number)s", number=attachment.id)
    return NamelessFile(
        id=attachment.id,
        question=attachment.question,
        file_name=number + PurePosixPath(attachment.file_name).suffix,
        media_type=attachment.media_type,
        size=attachment.size,
        sha256=attachment.sha256,
        scan=attachment.scan,
        uploaded_at=attachment.uploaded_at,
    )


def file_for_reviewers(
    attachment: Attachment, definition: RoundDefinition
) -> Attachment | NamelessFile | None:
    """Give a file as reviewers of this round see it; None when they do not see it at all."""
    if not definition.reviewing.hide_applicants:
        return attachment
    if attachment.question in definition.hidden_from_reviewers():
        return None
    return nameless_file(attachment)


def nameless_partners(entry: PartnersEntry) -> PartnersEntry:
    """Give who takes part by role and domain alone."""
    lead = replace(entry.lead, name=_("Lead applicant"), kvk=None) if entry.lead else None
    partners = tuple(
        replace(party, name=_("Partner %(number)s", number=number), kvk=None)
        for number, party in enumerate(entry.partners, 1)
    )
    return replace(entry, lead=lead, partners=partners)


def nameless_names(application: Application) -> dict[str, str]:
    """Give the same words for each participant, by its key, for tables that name who pays."""
    partners = [one for one in application.participations if not one.lead]
    return {
        **{one.key: str(_("Lead applicant")) for one in application.participations if one.lead},
        **{one.key: str(_("Partner %(number)s", number=number)) for number, one in enumerate(partners, 1)},
    }
