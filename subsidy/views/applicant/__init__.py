"""The pages of an applicant: own applications, the sections of the form, sending in, and what follows."""

from importlib import import_module

from flask import Blueprint

from subsidy.views.parking import watch

bp = Blueprint("applicant", __name__)
watch(bp)

for room in (
    "own",
    "sections",
    "autosave",
    "closed",
    "earlier",
    "files",
    "sending",
    "papers",
    "paper",
    "inbox",
    "translation",
    "terms",
    "copying",
    "region",
    "messages",
    "rebuttal",
    "hearing",
    "people",
    "signing",
    "organisations",
    "budget",
):
    import_module(f"subsidy.views.applicant.{room}")
