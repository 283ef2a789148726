"""The store in MongoDB, by Motor or by PyMongo's own asynchronous client."""
