from besedka_contracts.session_store import *
