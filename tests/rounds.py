"""How often a race is run and how many worlds a model test draws; a person may ask for more."""

import os

ROUNDS = int(os.environ.get("APPUSERS_TEST_ROUNDS", "500"))
EXAMPLES = int(os.environ.get("APPUSERS_TEST_EXAMPLES", "150"))
