"""The stored facts, one aggregate per file. Importing this package registers every table."""

from subsidy.models.applications import (
    Application,
    Attachment,
    BudgetLine,
    Membership,
    Participation,
    RegionMunicipality,
    RegionNeighbourhood,
)
from subsidy.models.correspondence import Mail
from subsidy.models.decisions import Decision, LedgerLine
from subsidy.models.events import AccessLog, ChainHead, Event, EventDetail
from subsidy.models.files import StoredFile
from subsidy.models.outbox import OutboxRow
from subsidy.models.panel import PanelAdvice
from subsidy.models.people import GrantRow, LoginThrottle, User
from subsidy.models.reference import FormerMunicipality, MunicipalityRow, ReferenceVersion
from subsidy.models.reviews import Review, ReviewScore
from subsidy.models.rounds import Round
from subsidy.models.screening import FindingRow, Supplement, Verdict

__all__ = [
    "AccessLog",
    "Application",
    "Attachment",
    "BudgetLine",
    "ChainHead",
    "Decision",
    "Event",
    "EventDetail",
    "FindingRow",
    "FormerMunicipality",
    "GrantRow",
    "LedgerLine",
    "LoginThrottle",
    "Mail",
    "Membership",
    "MunicipalityRow",
    "OutboxRow",
    "PanelAdvice",
    "Participation",
    "ReferenceVersion",
    "RegionMunicipality",
    "RegionNeighbourhood",
    "Review",
    "ReviewScore",
    "Round",
    "StoredFile",
    "Supplement",
    "User",
    "Verdict",
]
