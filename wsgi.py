"""The entry point for gunicorn and the flask command."""

from subsidy.app import create_app

app = create_app()
