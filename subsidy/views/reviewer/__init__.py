"""The pages of who reviews: the own list, the declaration of interest, the file with the score form."""

from importlib import import_module

from flask import Blueprint

from subsidy.views.parking import watch

bp = Blueprint("reviewer", __name__, url_prefix="/beoordelen")
watch(bp)

ROOMS = (
    "desk",
    "declaration",
    "attachments",
    "autosave",
    "scoring",
    "others",
    "calibration",
    "requests",
    "invitation",
    "profile",
)
for room in ROOMS:
    import_module(f"subsidy.views.reviewer.{room}")
