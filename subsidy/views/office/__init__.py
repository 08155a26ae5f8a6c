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
    "reviews",
    "assignment_proposal",
    "ranking",
    "advice",
    "proposals",
    "decisions",
    "files",
    "messages",
    "questions",
    "extension",
    "region",
    "rebuttal",
    "pool",
    "pool_member",
)
for room in ROOMS:
    import_module(f"subsidy.views.office.{room}")
