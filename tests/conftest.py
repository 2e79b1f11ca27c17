"""For every test: properties have no deadline, since no test asserts a time."""

from hypothesis import settings

settings.register_profile("doorstep", deadline=None)
settings.load_profile("doorstep")
