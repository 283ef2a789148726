from besedka_contracts.star_repository import *
