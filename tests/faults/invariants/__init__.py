"""What must hold, whatever fails: each check yields a line for each time that it did not."""
