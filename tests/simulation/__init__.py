"""A seeded world of agents, phones and an office, with faults drawn from the seed and checkers apart from it.

Everything that decides runs for real: the client's library on its encrypted database, the office's services on
SQLite. Only time, randomness, the network and the cost of key derivation are replaced. ``python -m tests.simulation``.
"""
