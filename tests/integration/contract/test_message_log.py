from besedka_contracts.message_log import *
