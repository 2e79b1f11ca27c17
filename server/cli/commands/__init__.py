"""Commands, found by the name of their file."""
