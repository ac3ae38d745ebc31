"""A light module that gives up at import."""

import sys

sys.exit("this plugin needs a licence key")
