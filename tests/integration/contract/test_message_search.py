from besedka_contracts.message_search import *
