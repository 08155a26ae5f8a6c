"""Passwords: kept as Argon2id, checked in the same time whether or not the account exists."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 12
# Argon2 takes any length; this only keeps a megabyte of text from being hashed.
MOST_LENGTH = 500
# What stands in the place of a hash until a password is chosen; no password verifies against it.
NOT_CHOSEN = "!"

HASHER = PasswordHasher()


class PasswordRefusedError(Exception):
    """A new password that is not accepted: `too_short`, `too_long` or `too_personal`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def hashed(password: str, *, email: str, name: str) -> str:
    """Hash a new password; PasswordRefusedError when it is too easy to guess.

    Long enough and not about the person; no rules on kinds of characters, which make people choose worse.
    """
    if len(password) < LEAST_LENGTH:
        raise PasswordRefusedError("too_short")
    if len(password) > MOST_LENGTH:
        raise PasswordRefusedError("too_long")
    bare = _bare(password)
    if bare in {_bare(email), _bare(email.partition("@")[0]), _bare(name), ""}:
        raise PasswordRefusedError("too_personal")
    return HASHER.hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether the password is the one behind the stored hash; without one it takes as long and is false."""
    known = stored if stored != NOT_CHOSEN else None
    try:
        HASHER.verify(known or _nobodys_hash(), password[:MOST_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def renewed(password: str, stored: str) -> str:
    """The same hash, or a new one when the parameters of hashing have become stronger since."""
    return HASHER.hash(password) if HASHER.check_needs_rehash(stored) else stored


@cache
def _nobodys_hash() -> str:
    return HASHER.hash("the password of an account that does not exist")


def _bare(text: str) -> str:
    """A text without what makes it only look different: case, spaces, dots, digits at the end."""
    return "".join(character for character in text.casefold() if character.isalnum()).rstrip("0123456789")
