from besedka_contracts.room_repository import *
