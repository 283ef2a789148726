from besedka_contracts.presence_board import *
