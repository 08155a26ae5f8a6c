"""Registering, logging in, and what is never told to a stranger."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from subsidy.db import db
from subsidy.models import Event, LoginThrottle, Mail, User
from subsidy.services import accounts, mail_links, passwords, throttle
from subsidy.services.accounts import LoginRefusedError
from subsidy.services.mail_links import LinkRefusedError, Purpose
from subsidy.services.passwords import PasswordRefusedError
from subsidy.services.throttle import TooManyAttemptsError
from tests.factories import MOMENT, make_user

PASSWORD = "een lange zin om te onthouden"
MACHINE = "192.0.2.1"
OTHER = "nog een lange zin met woorden"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2 at its cheapest: these tests are about what is done with hashes, not about their cost."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys_hash.cache_clear()
    yield
    passwords._nobodys_hash.cache_clear()


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def account(email: str = "anna@voorbeeld.nl", **values: str) -> User:
    return accounts.create(email=email, name="Anna de Boer", password=PASSWORD, now=MOMENT, **values)


def register(email: str = "anna@voorbeeld.nl", name: str = "Anna de Boer", now: datetime = MOMENT) -> None:
    accounts.register(email=email, name=name, organisation="", locale="nl", machine=MACHINE, now=now)


def log_in(
    password: str = PASSWORD, email: str = "anna@voorbeeld.nl", machine: str = MACHINE, now: datetime = MOMENT
) -> User:
    return accounts.log_in(email=email, password=password, machine=machine, now=now)


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def test_a_new_address_gets_a_link_and_no_account_that_works() -> None:
    register(email=" Anna@Voorbeeld.NL ")
    user = accounts.find_by_email("anna@voorbeeld.nl")
    assert user.email == "anna@voorbeeld.nl"
    assert not user.is_active
    assert user.grants == []
    assert [(mail.recipient, "/account/bevestigen/" in mail.body) for mail in mails()] == [
        ("anna@voorbeeld.nl", True)
    ]
    with pytest.raises(LoginRefusedError):
        log_in("!")


def test_confirming_gives_a_password_and_the_role_of_applicant_for_all_rounds() -> None:
    register()
    user = accounts.find_by_email("anna@voorbeeld.nl")
    accounts.confirm(user, password=PASSWORD, name="Anna", now=MOMENT)
    assert [(grant.role, grant.round_id) for grant in user.grants] == [("applicant", None)]
    assert log_in() is user
    assert db.session.scalars(select(Event.name)).all() == ["account.created"]


def test_who_registers_again_with_another_name_is_not_stopped_by_the_first() -> None:
    register(name="Iemand Anders")
    register(name="Anna", now=MOMENT + timedelta(minutes=6))
    user = accounts.find_by_email("anna@voorbeeld.nl")
    assert user.name == "Anna"
    assert len(mails()) == 2


def test_a_known_address_gets_another_mail_and_the_account_is_not_touched() -> None:
    user = account()
    before = (user.name, user.password_hash, user.session_token)
    register(name="Indringer")
    assert (user.name, user.password_hash, user.session_token) == before
    assert ["/bevestigen/" in mail.body for mail in mails()] == [False]


def test_one_mail_of_a_kind_in_five_minutes() -> None:
    account()
    for _ in range(3):
        accounts.forgot(email="anna@voorbeeld.nl", locale="nl", machine=MACHINE, now=MOMENT)
    assert len(mails()) == 1


def test_an_unknown_address_that_forgot_its_password_gets_a_mail_without_link() -> None:
    accounts.forgot(email="niemand@voorbeeld.nl", locale="en", machine=MACHINE, now=MOMENT)
    assert [(mail.recipient, mail.subject) for mail in mails()] == [
        ("niemand@voorbeeld.nl", "No account with this e-mail address")
    ]
    assert "/nieuw-wachtwoord/" not in mails()[0].body


def test_one_machine_cannot_make_us_send_mail_without_end() -> None:
    for number in range(50):
        register(email=f"iemand{number}@voorbeeld.nl")
    with pytest.raises(TooManyAttemptsError):
        register(email="laatste@voorbeeld.nl")


@pytest.mark.parametrize("purpose", ["confirm", "reset"])
class TestLinks:
    def test_a_link_works_until_its_last_second(self, purpose: Purpose) -> None:
        user = account()
        token = mail_links.make(purpose, user, now=MOMENT)
        assert mail_links.open_link(purpose, token, now=MOMENT + timedelta(hours=48)) is user
        with pytest.raises(LinkRefusedError):
            mail_links.open_link(purpose, token, now=MOMENT + timedelta(hours=48, seconds=1))

    def test_a_link_works_once(self, purpose: Purpose) -> None:
        user = account()
        token = mail_links.make(purpose, user, now=MOMENT)
        accounts.set_password(user, password=OTHER, now=MOMENT)
        with pytest.raises(LinkRefusedError):
            mail_links.open_link(purpose, token, now=MOMENT)

    def test_a_link_that_was_changed_or_is_for_something_else_is_refused(self, purpose: Purpose) -> None:
        user = account()
        token = mail_links.make(purpose, user, now=MOMENT)
        other = "reset" if purpose == "confirm" else "confirm"
        changed = token[:-9] + ("a" if token[-9] != "a" else "b") + token[-8:]
        for bad in (changed, token[1:], "", "x.y.z"):
            with pytest.raises(LinkRefusedError):
                mail_links.open_link(purpose, bad, now=MOMENT)
        with pytest.raises(LinkRefusedError):
            mail_links.open_link(other, token, now=MOMENT)

    def test_a_link_of_an_account_that_was_switched_off_is_refused(self, purpose: Purpose) -> None:
        user = account()
        token = mail_links.make(purpose, user, now=MOMENT)
        user.disabled_at = MOMENT
        db.session.flush()
        with pytest.raises(LinkRefusedError):
            mail_links.open_link(purpose, token, now=MOMENT)

    def test_a_link_shows_no_personal_data(self, purpose: Purpose) -> None:
        user = account()
        token = mail_links.make(purpose, user, now=MOMENT)
        assert user.email not in token
        assert user.session_token[:12] not in token


class TestPasswords:
    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("elf tekens!", "too_short"),
            ("x" * 501, "too_long"),
            ("anna@voorbeeld.nl", "too_personal"),
            ("Anna.Voorbeeld.NL", "too_personal"),
            ("Anna de Boer 1234", "too_personal"),
            ("............", "too_personal"),
        ],
    )
    def test_too_easy(self, password: str, code: str) -> None:
        with pytest.raises(PasswordRefusedError) as refused:
            passwords.hashed(password, email="anna@voorbeeld.nl", name="Anna de Boer")
        assert refused.value.code == code

    def test_twelve_characters_of_any_kind_will_do(self) -> None:
        stored = passwords.hashed("aaaabbbbcccc", email="anna@voorbeeld.nl", name="Anna")
        assert stored.startswith("$argon2id$")
        assert passwords.fits("aaaabbbbcccc", stored)
        assert not passwords.fits("aaaabbbbcccd", stored)

    @pytest.mark.parametrize("stored", [None, "!", "no hash at all"])
    def test_without_a_hash_nothing_fits(self, stored: str | None) -> None:
        assert not passwords.fits("the password of an account that does not exist", stored)

    def test_an_unknown_address_costs_a_hash_like_a_known_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        verified = []

        class Counting(PasswordHasher):
            def verify(self, hash: str, password: str) -> bool:  # noqa: A002
                verified.append(hash)
                return super().verify(hash, password)

        account()
        monkeypatch.setattr(passwords, "HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
        for email in ("anna@voorbeeld.nl", "niemand@voorbeeld.nl"):
            with pytest.raises(LoginRefusedError):
                log_in("verkeerd", email=email)
        assert len(verified) == 2

    def test_stronger_parameters_give_a_new_hash_at_login(self, monkeypatch: pytest.MonkeyPatch) -> None:
        user = account()
        before = user.password_hash
        log_in()
        assert user.password_hash == before
        monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
        log_in()
        assert user.password_hash != before
        assert "t=2" in user.password_hash
        assert log_in() is user


class TestThrottle:
    def wrong(self, times: int, **more: Any) -> None:
        for _ in range(times):
            with pytest.raises(LoginRefusedError):
                log_in("verkeerd", **more)

    def test_after_five_failures_each_next_waits_longer(self) -> None:
        account()
        self.wrong(5)
        now, waits = MOMENT, []
        for _ in range(4):
            with pytest.raises(TooManyAttemptsError) as early:
                log_in(now=now)
            waits.append(early.value.seconds)
            now += timedelta(seconds=early.value.seconds)
            with pytest.raises(LoginRefusedError):
                log_in("verkeerd", now=now)
        assert waits == [3, 5, 9, 17]

    def test_the_wait_is_never_more_than_a_quarter_of_an_hour(self) -> None:
        waits = [throttle._wait(beyond).total_seconds() for beyond in (-1, 0, 1, 8, 9, 1000)]
        assert waits == [0, 2, 4, 512, 900, 900]

    def test_the_right_password_after_the_wait_starts_again_from_nothing(self) -> None:
        account()
        self.wrong(5)
        assert log_in(now=MOMENT + timedelta(seconds=2)).email == "anna@voorbeeld.nl"
        self.wrong(5, now=MOMENT + timedelta(seconds=2))

    def test_an_unknown_address_is_slowed_down_the_same(self) -> None:
        self.wrong(5, email="niemand@voorbeeld.nl")
        with pytest.raises(TooManyAttemptsError):
            log_in(email="niemand@voorbeeld.nl")

    def test_a_machine_that_tries_many_people_is_slowed_down(self) -> None:
        for number in range(50):
            self.wrong(1, email=f"iemand{number}@voorbeeld.nl")
        with pytest.raises(TooManyAttemptsError):
            log_in(email="nog@voorbeeld.nl")
        self.wrong(1, email="nog@voorbeeld.nl", machine="192.0.2.2")

    def test_who_came_first_and_was_served_last_need_not_wait(self) -> None:
        account()
        account("bram@voorbeeld.nl")
        log_in(now=MOMENT + timedelta(milliseconds=5))
        assert log_in(email="bram@voorbeeld.nl", now=MOMENT).email == "bram@voorbeeld.nl"

    def test_an_own_account_buys_no_guesses_at_others(self) -> None:
        account()
        for number in range(50):
            self.wrong(1, email=f"iemand{number}@voorbeeld.nl")
            if number % 10 == 0:
                log_in()
        with pytest.raises(TooManyAttemptsError):
            log_in()

    def test_two_hours_of_rest_are_forgotten_and_cleaned_up(self) -> None:
        account()
        self.wrong(5, email="iemand@voorbeeld.nl")
        log_in(now=MOMENT + timedelta(hours=2, seconds=1), machine="192.0.2.7")
        assert db.session.scalars(select(LoginThrottle.key).order_by(LoginThrottle.key)).all() == [
            "login:192.0.2.7",
            throttle.person("anna@voorbeeld.nl").key,
        ]

    def test_machines_of_one_ipv6_network_count_together(self) -> None:
        assert throttle.machine("2001:db8:1:2::1") == throttle.machine("2001:db8:1:2:ffff::9")
        assert throttle.machine("2001:db8:1:2::1") != throttle.machine("2001:db8:1:3::1")


def test_a_changed_password_ends_every_session() -> None:
    user = account()
    before = user.get_id()
    accounts.change_password(user, current=PASSWORD, new=OTHER, now=MOMENT)
    assert user.get_id() != before
    assert log_in(OTHER) is user
    assert [mail.recipient for mail in mails()] == [user.email]


def test_the_current_password_is_needed_for_another() -> None:
    user = account()
    with pytest.raises(LoginRefusedError):
        accounts.change_password(user, current="verkeerd", new=OTHER, now=MOMENT)
    assert log_in() is user


def test_an_account_that_was_switched_off_says_so_only_to_who_knows_the_password() -> None:
    user = account()
    accounts.disable(user, actor_id=None, now=MOMENT)
    accounts.disable(user, actor_id=None, now=MOMENT + timedelta(days=1))
    assert user.disabled_at == MOMENT
    for password, code in ((PASSWORD, "disabled"), ("verkeerd", "wrong")):
        with pytest.raises(LoginRefusedError) as refused:
            log_in(password)
        assert refused.value.code == code


def test_an_address_has_one_account() -> None:
    make_user(email="anna@voorbeeld.nl")
    with pytest.raises(accounts.AddressTakenError):
        account(email="ANNA@voorbeeld.nl")
    assert len(db.session.scalars(select(User)).all()) == 1
