"""One blueprint per person. A view calls services and renders; it holds no rule."""

from importlib import import_module

from flask import Flask

from subsidy.views import navigation

# In the order in which people meet them.
PEOPLE = (
    "public",
    "account",
    "applicant",
    "invitations",
    "office",
    "reviewer",
    "panel",
    "evaluator",
    "administration",
)


def register(app: Flask) -> None:
    """Give every person their pages."""
    for person in PEOPLE:
        app.register_blueprint(import_module(f"subsidy.views.{person}").bp)
    app.context_processor(lambda: {"navigation": navigation.Menu()})
