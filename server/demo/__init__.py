"""The demonstration: a world of real figures and real towns, with people who are invented."""
