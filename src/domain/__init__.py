"""What a chat is, without framework or I/O: people, rooms, messages, commands, their rules."""
