"""The cast of every test, which the published contracts bring along."""

from besedka_contracts.cast import *
