"""What people can do with the chat, as use cases behind ports. No framework, no I/O."""
