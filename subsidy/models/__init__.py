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
from subsidy.models.assignment import AssignmentProposal, ProposedPair
from subsidy.models.certainty import Calibration, CalibrationReview, CertaintyRun
from subsidy.models.collaboration import Invitation, Membership, Presence, Signature
from subsidy.models.correspondence import CallQuestion, Mail, Message, MessageReading
from subsidy.models.decisions import Decision, DecisionReading, ProposalBatch
from subsidy.models.drafting import KeptForm, ParkedForm, SentVersion
from subsidy.models.events import AccessLog, ChainHead, Event, EventDetail
from subsidy.models.files import PageImage, PagesMade, StoredFile
from subsidy.models.frozen import FrozenRound
from subsidy.models.hearings import Hearing
from subsidy.models.interests import Interest, OverriddenWarning, RoundDeclaration
from subsidy.models.ledger import CeilingChange, LedgerLine
from subsidy.models.letters import (
    Letter,
    Letterhead,
    LetterReading,
    LetterWording,
    MailRun,
    PaperRequest,
    Sending,
    SignatureImage,
)
from subsidy.models.mandates import Mandate
from subsidy.models.meetings import AgendaItem, Attendance, Meeting, Recusal
from subsidy.models.organisations import Organisation
from subsidy.models.outbox import OutboxRow
from subsidy.models.panel import PanelAdvice
from subsidy.models.people import GrantRow, LoginThrottle, User
from subsidy.models.pool import ReviewerProfile, RoundReviewer
from subsidy.models.rebuttals import Rebuttal
from subsidy.models.reference import FormerMunicipality, MunicipalityRow, ReferenceVersion
from subsidy.models.reviews import Review, ReviewScore
from subsidy.models.rounds import Round
from subsidy.models.scenarios import Scenario, ScenarioReport
from subsidy.models.screening import FindingRow, Supplement, Verdict

__all__ = [
    "AccessLog",
    "AgendaItem",
    "AidReceived",
    "Application",
    "AssignmentProposal",
    "Attachment",
    "Attendance",
    "BudgetLine",
    "Calibration",
    "CalibrationReview",
    "CallQuestion",
    "CeilingChange",
    "CertaintyRun",
    "ChainHead",
    "Decision",
    "DecisionReading",
    "Event",
    "EventDetail",
    "FindingRow",
    "FormerMunicipality",
    "FrozenRound",
    "GrantRow",
    "Hearing",
    "Interest",
    "Invitation",
    "KeptForm",
    "LedgerLine",
    "Letter",
    "LetterReading",
    "LetterWording",
    "Letterhead",
    "LoginThrottle",
    "Mail",
    "MailRun",
    "Mandate",
    "Meeting",
    "Membership",
    "Message",
    "MessageReading",
    "MunicipalityRow",
    "Organisation",
    "OtherMoney",
    "OutboxRow",
    "OverriddenWarning",
    "PageImage",
    "PagesMade",
    "PanelAdvice",
    "PaperRequest",
    "ParkedForm",
    "Participation",
    "Presence",
    "ProposalBatch",
    "ProposedPair",
    "Rebuttal",
    "Recusal",
    "ReferenceVersion",
    "RegionMunicipality",
    "RegionNeighbourhood",
    "Review",
    "ReviewScore",
    "ReviewerProfile",
    "Round",
    "RoundDeclaration",
    "RoundReviewer",
    "Scenario",
    "ScenarioReport",
    "Sending",
    "SentVersion",
    "Signature",
    "SignatureImage",
    "StoredFile",
    "Supplement",
    "User",
    "Verdict",
]
