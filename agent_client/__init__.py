"""The field: what an agent carries; a library and a command line that work without a network."""
