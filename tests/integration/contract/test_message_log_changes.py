from besedka_contracts.message_log_changes import *
