"""Every setting, typed, read once from the environment. Nothing else reads os.environ.

Defaults run the whole system on one machine without any other service: SQLite, an embedded Redis
(started by scripts/run) and files below VAR_DIR. PostgreSQL, Redis, SMTP and production mode are
switched on by settings alone.
"""

import contextlib
import errno
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent


class SettingError(Exception):
    """A setting that cannot be used; the message says which one and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """The settings of one installation. Sizes are bytes, durations seconds unless the name says otherwise."""

    var_dir: Path
    database_url: str
    redis_url: str
    secret_key: str
    audit_key: str
    production: bool
    base_url: str
    host: str
    port: int
    proxies: int
    web_workers: int
    office_name: str
    office_address: tuple[str, ...]
    office_email: str
    office_phone: str
    deciding_authority: str
    mandate: str
    signatory: str
    smtp_url: str
    mail_from: str
    max_upload_bytes: int
    clamd: str
    session_hours: int
    mail_token_hours: int

    @property
    def sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url.startswith("sqlite")

    @property
    def mail_to_files(self) -> bool:
        """Development mail: without SMTP a mail becomes a file that a page lists; never in production."""
        return not self.smtp_url and not self.production


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises SettingError with one clear line for a value that cannot be used."""
    env = os.environ if environ is None else environ
    var_dir = _made_folder(Path(env.get("VAR_DIR") or ROOT / "var").resolve())
    production = env.get("PRODUCTION", "") in {"1", "true", "yes"}
    port = _integer(env, "PORT", 8000)
    database_url = env.get("DATABASE_URL") or f"sqlite:///{var_dir / 'subsidy.db'}"
    if database_url.startswith(("postgres://", "postgresql://")):
        database_url = "postgresql+psycopg://" + database_url.split("://", 1)[1]
    if production and not env.get("SMTP_URL"):
        raise SettingError(
            "SMTP_URL is missing: in production mail must go to a real server, e.g. smtp://host:25"
        )
    return Settings(
        var_dir=var_dir,
        database_url=database_url,
        redis_url=env.get("REDIS_URL", ""),
        secret_key=env.get("SECRET_KEY") or _kept_secret(var_dir, "secret-key"),
        audit_key=env.get("AUDIT_KEY") or _kept_secret(var_dir, "audit-key"),
        production=production,
        base_url=(env.get("BASE_URL") or f"http://localhost:{port}").rstrip("/"),
        host=env.get("HOST") or "127.0.0.1",
        port=port,
        proxies=_integer(env, "PROXIES", 0),
        web_workers=_integer(env, "WEB_WORKERS", min(4, max(2, os.cpu_count() or 2))),
        office_name=env.get("OFFICE_NAME") or "Subsidiebureau Regionale Samenwerking",
        office_address=tuple((env.get("OFFICE_ADDRESS") or "Postbus 10000|2500 AA Den Haag").split("|")),
        office_email=env.get("OFFICE_EMAIL") or "subsidie@example.nl",
        office_phone=env.get("OFFICE_PHONE") or "070 000 00 00",
        deciding_authority=env.get("DECIDING_AUTHORITY") or "het bestuur van het Subsidiebureau",
        signatory=env.get("SIGNATORY") or "Het hoofd Subsidies",
        mandate=env.get("MANDATE") or "Mandaatbesluit subsidies, artikel 3",
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM") or "Subsidiebureau <no-reply@example.nl>",
        max_upload_bytes=_integer(env, "MAX_UPLOAD_MB", 25) * 1024 * 1024,
        clamd=_scanner(env.get("CLAMD", "")),
        session_hours=_integer(env, "SESSION_HOURS", 12),
        mail_token_hours=_integer(env, "MAIL_TOKEN_HOURS", 48),
    )


def _integer(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    try:
        number = int(text) if text else default
    except ValueError:
        raise SettingError(f"{name} must be a whole number, not {text!r}") from None
    if number < 0:
        raise SettingError(f"{name} must not be below 0, but is {number}")
    return number


def _scanner(address: str) -> str:
    """Where clamd listens; empty when nothing is scanned for viruses."""
    unix = address.startswith("unix:/")
    if address and not unix and not re.fullmatch(r"tcp://[\w.-]+:\d{1,5}", address):
        raise SettingError(
            f"CLAMD must be unix:/run/clamav/clamd.ctl or tcp://host:3310, for example, not {address!r}"
        )
    return address


def _made_folder(folder: Path) -> Path:
    """The folder of everything that the program writes, made when it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return folder


def _kept_secret(var_dir: Path, name: str) -> str:
    """A secret made once for this installation and kept in VAR_DIR, readable by its owner only.

    Linked into place when it is whole, so that processes that start together agree on one value.
    """
    path = var_dir / name
    try:
        if not path.exists():
            with tempfile.NamedTemporaryFile("w", dir=var_dir, encoding="ascii") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                with contextlib.suppress(FileExistsError):
                    os.link(file.name, path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise _cannot_write(var_dir, error) from error


def _cannot_write(folder: Path, error: OSError) -> SettingError:
    return SettingError(
        f"Cannot write in {folder}: {error.strerror}. Set VAR_DIR to a folder that can be written."
    )
