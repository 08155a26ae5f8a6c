"""The stored facts, one aggregate per file. Importing this package registers every table."""

from subsidy.models.applications import (
    AidReceived,
    Application,
    Attachment,
    BudgetLine,
    OtherMoney,
    Participation,
    RegionMunicipality,
    RegionNeighbourhood,
)
from subsidy.models.collaboration import Invitation, Membership, Presence, Signature
from subsidy.models.correspondence import CallQuestion, Mail, Message, MessageReading
from subsidy.models.decisions import Decision, LedgerLine
from subsidy.models.drafting import KeptForm, ParkedForm, SentVersion
from subsidy.models.events import AccessLog, ChainHead, Event, EventDetail
from subsidy.models.files import PageImage, PagesMade, StoredFile
from subsidy.models.organisations import Organisation
from subsidy.models.outbox import OutboxRow
from subsidy.models.panel import PanelAdvice
from subsidy.models.people import GrantRow, LoginThrottle, User
from subsidy.models.reference import FormerMunicipality, MunicipalityRow, ReferenceVersion
from subsidy.models.reviews import Review, ReviewScore
from subsidy.models.rounds import Round
from subsidy.models.screening import FindingRow, Supplement, Verdict

__all__ = [
    "AccessLog",
    "AidReceived",
    "Application",
    "Attachment",
    "BudgetLine",
    "CallQuestion",
    "ChainHead",
    "Decision",
    "Event",
    "EventDetail",
    "FindingRow",
    "FormerMunicipality",
    "GrantRow",
    "Invitation",
    "KeptForm",
    "LedgerLine",
    "LoginThrottle",
    "Mail",
    "Membership",
    "Message",
    "MessageReading",
    "MunicipalityRow",
    "Organisation",
    "OtherMoney",
    "OutboxRow",
    "PageImage",
    "PagesMade",
    "PanelAdvice",
    "ParkedForm",
    "Participation",
    "Presence",
    "ReferenceVersion",
    "RegionMunicipality",
    "RegionNeighbourhood",
    "Review",
    "ReviewScore",
    "Round",
    "SentVersion",
    "Signature",
    "StoredFile",
    "Supplement",
    "User",
    "Verdict",
]
