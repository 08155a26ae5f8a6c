"""The pages of the subsidy office: rounds, worklist, screening, assignment, ranking, decisions."""

from importlib import import_module

from flask import Blueprint

bp = Blueprint("office", __name__, url_prefix="/bureau")

for room in ("rounds", "worklist", "screening", "assignment", "ranking", "decisions", "files"):
    import_module(f"subsidy.views.office.{room}")
