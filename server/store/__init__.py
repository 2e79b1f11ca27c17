"""Stores: one interface, adapters behind it."""
