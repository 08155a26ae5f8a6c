"""How it starts: a folder of its own, clear refusals, and in production nothing of a demonstration."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

import config
from subsidy.app import create_app
from subsidy.db import db
from subsidy.services import accounts, mail, throttle
from tests.conftest import MOMENT, migrated, new_database, settings_for
from tests.factories import make_user
from tests.faults.together import browser
from tests.pages import CheckedClient
from workflows.permissions import Role

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "een lange zin om te onthouden"
KEYS = {"SECRET_KEY": "a", "AUDIT_KEY": "ab" * 32}


def flask(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `flask --app wsgi ...` as a person does."""
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder), **KEYS, **more}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


class TestTheFolder:
    def test_is_made_whatever_keys_are_set(self, tmp_path: Path) -> None:
        folder = tmp_path / "not" / "there"
        result = flask(folder, "db", "upgrade")
        assert result.returncode == 0, result.stderr
        assert (folder / "subsidy.db").is_file()

    def test_that_cannot_be_made_is_one_clear_line(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("not a folder")
        result = flask(tmp_path / "file" / "var", "routes")
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr == (
            f"Cannot write in {tmp_path / 'file' / 'var'}: Not a directory. "
            "Set VAR_DIR to a folder that can be written.\n"
        )

    def test_that_cannot_be_written_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "access", lambda *_arguments: False)  # root may write everywhere
        with pytest.raises(config.SettingError, match=r"Cannot write in .*: Permission denied"):
            config.from_environment({"VAR_DIR": str(tmp_path), **KEYS})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"PROXIES": "-1"}, "PROXIES must not be below 0, but is -1"),
        ({"PROXIES": "yes"}, "PROXIES must be a whole number, not 'yes'"),
        ({"PRODUCTION": "1"}, "SMTP_URL is missing"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, settings: dict[str, str], words: str) -> None:
    with pytest.raises(config.SettingError, match=words):
        config.from_environment({"VAR_DIR": str(tmp_path), **KEYS, **settings})


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Flask]:
    """Give an installation in production, behind one proxy."""
    with new_database(tmp_path) as url:
        settings = settings_for(tmp_path, url, PRODUCTION="1", SMTP_URL="smtp://127.0.0.1:1", PROXIES="1")
        app = migrated(create_app(settings))
        app.test_client_class = CheckedClient
        app.config["CLOCK"] = lambda: MOMENT
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


class TestInProduction:
    def test_the_page_with_sent_mail_is_not_there(self, production: Flask) -> None:
        keys = [make_user(role).get_id() for role in Role]
        db.session.commit()
        for key in keys:
            client = browser(production, key)
            assert client.get("/beheer/post").status_code in {403, 404}
            assert "/beheer/post" not in client.get("/").text
        assert browser(production, None).get("/beheer/post").status_code == 302

    def test_mail_never_becomes_a_file(self, production: Flask) -> None:
        settings = production.config["SETTINGS"]
        assert settings.mail_to_files is False
        user = make_user()
        with production.test_request_context():
            mail.compose(
                "toets",
                recipient=user.email,
                template="reset",
                context={"user": user, "url": "x"},
                now=MOMENT,
            )
        db.session.commit()
        result = production.test_cli_runner().invoke(args=["jobs", "drain"])
        assert result.exit_code == 0, result.output
        assert not (settings.var_dir / "mail").exists()

    def test_the_demo_is_refused(self, production: Flask) -> None:
        runner = production.test_cli_runner()
        result = runner.invoke(args=["demo", "load"])
        assert result.exit_code == 1
        assert "the demo is not for production" in result.output
        assert runner.invoke(args=["demo", "load", "--if-empty"]).exit_code == 0
        assert runner.invoke(args=["demo", "accounts"]).output == ""
        assert db.session.scalars(text("SELECT count(*) FROM user_account")).one() == 0

    def test_cookies_travel_by_https_only(self, production: Flask) -> None:
        with production.test_request_context():
            accounts.create(email="anna@voorbeeld.nl", name="Anna", password=PASSWORD, now=MOMENT)
        db.session.commit()
        production.config["WTF_CSRF_ENABLED"] = False
        client = production.test_client()
        typed = {"email": "anna@voorbeeld.nl", "password": PASSWORD}
        told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        answer = client.post("/account/inloggen", data=typed, headers=told)
        assert answer.status_code == 303
        cookies = SimpleCookie[str]("; ".join(answer.headers.getlist("Set-Cookie")))
        session = cookies["session"]
        assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")

    def test_guessing_is_counted_per_machine_behind_the_proxy(self, production: Flask) -> None:
        production.config["WTF_CSRF_ENABLED"] = False
        typed = {"email": "anna@voorbeeld.nl", "password": "verkeerd"}
        for number in (7, 8):
            told = {"X-Forwarded-For": f"198.51.100.1, 203.0.113.{number}"}
            production.test_client().post("/account/inloggen", data=typed, headers=told)
        keys = set(db.session.scalars(text("SELECT key FROM login_throttle")))
        assert {throttle.machine(f"203.0.113.{number}").key for number in (7, 8)} < keys
        assert not any("127.0.0.1" in key or "198.51.100" in key for key in keys)
