from besedka_contracts.user_repository import *
