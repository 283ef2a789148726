"""`besedka demo`: a store full of people, rooms and talk, made through the chat itself."""
