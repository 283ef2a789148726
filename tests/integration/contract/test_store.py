from besedka_contracts.store import *
