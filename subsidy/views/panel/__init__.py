"""The pages of the committee: its meetings, their agenda, and each application that it discusses."""

from importlib import import_module

from flask import Blueprint

bp = Blueprint("panel", __name__, url_prefix="/commissie")

ROOMS = ("meetings", "agenda", "item", "discussing", "reading", "live", "order", "matrix", "minutes")
for room in ROOMS:
    import_module(f"subsidy.views.panel.{room}")
