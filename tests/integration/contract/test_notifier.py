from besedka_contracts.notifier import *
