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
    "calibration",
    "advice",
    "proposals",
    "decisions",
    "files",
    "messages",
    "questions",
    "extension",
    "region",
    "interests",
    "pool",
    "pool_member",
    "rebuttal",
)
for room in ROOMS:
    import_module(f"subsidy.views.office.{room}")
