"""The pages of an applicant: own applications, the sections of the form, sending in, and what follows."""

from importlib import import_module

from flask import Blueprint

bp = Blueprint("applicant", __name__)

for room in (
    "own",
    "sections",
    "earlier",
    "files",
    "sending",
    "papers",
    "region",
    "messages",
    "people",
    "signing",
    "organisations",
):
    import_module(f"subsidy.views.applicant.{room}")
