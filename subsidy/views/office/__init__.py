"""The pages of the subsidy office: rounds, worklist, screening, assignment, ranking, decisions."""

from importlib import import_module

from flask import Blueprint

bp = Blueprint("office", __name__, url_prefix="/bureau")

ROOMS = (
    "worklist",
    "rounds",
    "round_editing",
    "paper",
    "application",
    "collaboration",
    "screening",
    "assignment",
    "assignment_proposal",
    "reviews",
    "ranking",
    "scenarios",
    "scenario_comparing",
    "lots",
    "calibration",
    "advice",
    "proposals",
    "decision_list",
    "batch_proposals",
    "batch_confirming",
    "decisions",
    "letter_drawing",
    "sending",
    "mail_room",
    "letters",
    "later_decisions",
    "reserve",
    "explaining",
    "closing",
    "wording",
    "wording_versions",
    "wording_preview",
    "signing",
    "ledger",
    "files",
    "messages",
    "questions",
    "extension",
    "region",
    "interests",
    "pool",
    "pool_member",
    "rebuttal",
    "hearing",
    "delay",
    "terms",
)
for room in ROOMS:
    import_module(f"subsidy.views.office.{room}")
