"""The entry point for gunicorn and the flask command."""

import sys

from config import SettingError
from subsidy.app import create_app

try:
    app = create_app()
except SettingError as error:
    sys.exit(str(error))
