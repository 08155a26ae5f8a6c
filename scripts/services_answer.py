"""Ask the PostgreSQL and the Redis of the tests whether they are there; make and drop a database.

- services_answer.py POSTGRES_URL REDIS_URL: exit code 1 and one line for each that does not answer
- services_answer.py --create POSTGRES_URL NAME
- services_answer.py --drop POSTGRES_URL NAME
"""

import sys

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError


def main() -> int:
    """Do one of the three; returns the exit code."""
    match sys.argv[1:]:
        case ["--create", address, name]:
            execute(make_url(address), f'CREATE DATABASE "{name}"')
            return 0
        case ["--drop", address, name]:
            execute(make_url(address), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return 0
        case [postgres, redis]:
            missing = [line for line in (_postgres_fault(make_url(postgres)), _redis_fault(redis)) if line]
            print("\n".join(missing))
            return 1 if missing else 0
    print(__doc__, file=sys.stderr)
    return 2


def execute(url: URL, statement: str) -> None:
    """Execute one statement outside a transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5})
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _postgres_fault(url: URL) -> str:
    try:
        execute(url, "SELECT 1")
    except SQLAlchemyError:
        return f"PostgreSQL does not answer at {url.render_as_string(hide_password=True)}."
    return ""


def _redis_fault(address: str) -> str:
    try:
        with Redis.from_url(address, socket_connect_timeout=3, socket_timeout=3) as client:
            client.ping()
    except (RedisError, ValueError):
        return f"Redis does not answer at {address.rpartition('@')[2]}."
    return ""


if __name__ == "__main__":
    sys.exit(main())
