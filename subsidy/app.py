"""The application factory: settings in, a Flask application out."""

import logging
from pathlib import Path

from flask import Flask, abort, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from subsidy import access, cli, clock, errors, jobs, presentation, security, views
from subsidy.db import db, engine_options, init_db, reading
from subsidy.models import User

ROOT = Path(__file__).resolve().parent.parent
SAFE = {"GET", "HEAD", "OPTIONS"}
# Who asks, with their roles: read for every page, so put together once.
PERSON = select(User).options(joinedload(User.grants)).where(User.id == bindparam("id"))

login_manager = LoginManager()
csrf = CSRFProtect()
migrate = Migrate(directory=str(ROOT / "migrations"), render_as_batch=False, compare_type=True)


class SubsidyFlask(Flask):
    """Flask with the rule of the house: one transaction per request, committed before the answer leaves."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Refuse what names no permission; commit what succeeded; a failed commit is an error page."""
        view = self.view_functions.get(request.endpoint or "")
        if view is not None and request.endpoint != "static" and not hasattr(view, "guard"):
            abort(403)
        only = request.method in SAFE and not getattr(view, "writes", False)
        with reading(only=only):
            try:
                response = self.make_response(super().dispatch_request())
                if response.status_code < 400:  # noqa: PLR2004  # what failed changes nothing
                    db.session.commit()
                    if db.session.info.pop("outbox_posted", False):
                        jobs.wake()
                else:
                    db.session.rollback()
            except Exception:
                self._forget_session()
                raise
        return response

    def _forget_session(self) -> None:
        """Leave the session as it came in: what failed must not tell of success on the next page."""
        before = self.session_interface.open_session(self, request)
        session.clear()
        session.update(before or {})


def create_app(settings: config.Settings | None = None) -> Flask:
    """Make an application; without settings they come from the environment."""
    settings = settings or config.from_environment()
    app = SubsidyFlask("subsidy", root_path=str(ROOT / "subsidy"), template_folder=str(ROOT / "templates"))
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        AUDIT_KEY=settings.audit_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        PERMANENT_SESSION_LIFETIME=settings.session_hours * 3600,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a slow writer must not lose a text
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
    )
    if settings.proxies:
        # Each proxy adds who asked it; how and where that was asked, only the nearest says for sure.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_host=1)  # type: ignore[method-assign]
    logging.getLogger("subsidy").setLevel(logging.INFO)
    init_db(app)
    migrate.init_app(app, db)
    app.before_request(clock.note_arrival)
    security.init_app(app)  # first: it limits what the check of the token would read
    csrf.init_app(app)
    _init_login(app)
    presentation.init_app(app)
    errors.init_app(app)
    app.url_map.converters["int"] = access.IdConverter
    views.register(app)
    cli.register(app)
    return app


def _init_login(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.session_protection = None  # people change networks while they write

    @login_manager.user_loader
    def load_user(key: str) -> User | None:
        user_id, _, token = key.partition(".")
        if not user_id.isdecimal():
            return None
        user = db.session.scalars(PERSON, {"id": int(user_id)}).unique().one_or_none()
        return user if user is not None and user.session_token == token and user.is_active else None
