"""How values look to people: language, money, dates, and what templates may call."""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path

from flask import Flask, current_app, has_request_context, session, url_for
from flask_babel import Babel, format_date, format_datetime, get_locale
from flask_login import current_user
from markupsafe import Markup

from subsidy import clock, wording
from subsidy.access import allowed
from workflows.definition import Text
from workflows.permissions import Can

LOCALES = ("nl", "en")
NOTHING = Markup("&ndash;")
babel = Babel()


def init_app(app: Flask) -> None:
    """Set up the language and give the templates their filters and functions."""
    babel.init_app(app, locale_selector=choose_locale)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        money=money, day=day, instant=instant, text=text, size=size, **wording.FILTERS
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


def locale_name() -> str:
    """The language of this answer: nl or en."""
    locale = get_locale()
    return locale.language if locale else "nl"


def money(cents: int | None) -> Markup:
    """Euro cents as people write them: € 10.000 or € 10.000,50, with a space that never breaks."""
    if cents is None:
        return NOTHING
    sign, amount = ("-" if cents < 0 else ""), abs(cents)
    whole = f"{amount // 100:,}"
    rest = f".{amount % 100:02d}" if amount % 100 else ""
    number = whole + rest
    if locale_name() == "nl":
        number = number.translate(str.maketrans(",.", ".,"))
    return Markup("€\N{NO-BREAK SPACE}{}{}").format(sign, number)


def day(value: date | datetime | None) -> str:
    """A date in full, in Amsterdam: 18 mei 2026."""
    if value is None:
        return NOTHING
    return str(format_date(clock.day_of(value) if isinstance(value, datetime) else value, "d MMMM y"))


def instant(value: datetime | None) -> str:
    """A date and time in Amsterdam: 18 mei 2026, 14:00."""
    return NOTHING if value is None else str(format_datetime(value, "d MMMM y, HH:mm"))


def text(value: Text | str | None) -> str:
    """A text of a definition in the language of the page; Dutch where there is no other."""
    if value is None or isinstance(value, str):
        return value or ""
    return (value.en or value.nl) if locale_name() == "en" else value.nl


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, count // 1000)} kB"  # noqa: PLR2004


@cache
def _manifest(path: Path, _changed_at: int) -> dict[str, str]:
    manifest: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def asset(name: str) -> str:
    """The address of a built asset: its name holds a hash, so a browser may keep it for ever."""
    path = Path(current_app.static_folder or "") / "manifest.json"
    manifest = _manifest(path, path.stat().st_mtime_ns) if path.exists() else {}
    return url_for("static", filename=manifest.get(name, name))
