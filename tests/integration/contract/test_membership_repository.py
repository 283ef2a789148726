from besedka_contracts.membership_repository import *
