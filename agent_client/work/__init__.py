"""The steps of an agent's day: each checks what fits, writes one operation, and says what to know about it."""
