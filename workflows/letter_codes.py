"""How the code of a letter is written: as it is printed, and as somebody types it over."""

# Crockford's: no letter that reads like a number, so that a code can be read aloud and typed.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
CONFUSED = str.maketrans("OIL", "011")


def printed(code: str) -> str:
    """Give a code as it is printed, in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def code_in(text: str) -> str | None:
    """Give the code in what somebody typed, with spaces, dashes or small letters; None when it is none."""
    code = "".join(one for one in text.upper() if one.isalnum()).translate(CONFUSED)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
