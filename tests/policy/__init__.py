"""Rules of conduct: hours, counts, flags, refusals, packaged policies."""
