"""The flask commands, one file per group."""

from importlib import import_module

from flask import Flask

GROUPS = ("round", "regions", "demo", "audit", "jobs", "account")
# Commands of a group that have a file of their own.
MORE = ("round_verify",)


def register(app: Flask) -> None:
    """Add every group of commands to `flask --app wsgi`."""
    for commands in MORE:
        import_module(f"subsidy.cli.{commands}")
    for group in GROUPS:
        app.cli.add_command(import_module(f"subsidy.cli.{group}").group)
