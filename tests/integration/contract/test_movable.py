from besedka_contracts.movable import *
