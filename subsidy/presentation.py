"""How values look to people: language, money, dates, and what templates may call."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, current_app, has_request_context, session, url_for
from flask_babel import Babel
from flask_login import current_user

from subsidy import clock, wording
from subsidy.access import allowed
from subsidy.wording import spoken
from subsidy.wording.spoken import language as locale_name
from subsidy.wording.values import day, decimal, instant, money, number, percentage, size, text
from workflows.permissions import Can

LOCALES = ("nl", "en")
babel = Babel()


def init_app(app: Flask) -> None:
    """Set up the language and give the templates their filters and functions."""
    babel.init_app(app, locale_selector=choose_locale)
    app.jinja_env.install_gettext_callables(spoken.gettext, spoken.ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        money=money,
        day=day,
        instant=instant,
        text=text,
        size=size,
        number=number,
        decimal=decimal,
        percentage=percentage,
        **wording.FILTERS,
    )
    app.jinja_env.globals.update(
        asset=asset, Can=Can, allowed=allowed, locale_name=locale_name, LOCALES=LOCALES, now=clock.now
    )
    app.context_processor(lambda: {"settings": current_app.config["SETTINGS"]})


def choose_locale() -> str:
    """The language a person chose, else Dutch: browsers say English far too often for a Dutch office."""
    if not has_request_context():
        return "nl"
    if current_user and current_user.is_authenticated:
        return current_user.locale if current_user.locale in LOCALES else "nl"
    chosen = session.get("locale")
    return chosen if chosen in LOCALES else "nl"


@cache
def _manifest(path: Path, _changed_at: int) -> dict[str, str]:
    manifest: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def asset(name: str) -> str:
    """The address of a built asset: its name holds a hash, so a browser may keep it for ever."""
    path = Path(current_app.static_folder or "") / "manifest.json"
    manifest = _manifest(path, path.stat().st_mtime_ns) if path.exists() else {}
    return url_for("static", filename=manifest.get(name, name))
