from besedka_contracts.rate_limits import *
