"""The sockets: `/ws` speaks the protocol, `/ws/{room name}` plain text. See docs/protocol.md."""
