"""The pages of who reviews: the own list, the declaration of interest, the file with the score form."""

from importlib import import_module

from flask import Blueprint

bp = Blueprint("reviewer", __name__, url_prefix="/beoordelen")

ROOMS = ("desk", "declaration", "attachments", "scoring", "requests", "invitation", "profile")
for room in ROOMS:
    import_module(f"subsidy.views.reviewer.{room}")
