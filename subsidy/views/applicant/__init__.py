"""The pages of an applicant: own applications, the sections of the form, sending in, and what follows."""

from importlib import import_module

from flask import Blueprint

bp = Blueprint("applicant", __name__)

for room in (
    "own",
    "sections",
    "autosave",
    "closed",
    "earlier",
    "files",
    "sending",
    "papers",
    "copying",
    "region",
    "messages",
    "rebuttal",
    "people",
    "signing",
    "organisations",
    "budget",
):
    import_module(f"subsidy.views.applicant.{room}")
