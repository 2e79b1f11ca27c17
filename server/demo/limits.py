"""Every bound of the demonstration's world, each with its reason."""

ACCOUNT_ID_DIGITS = 5
"""Digits of an account number: the source holds 30,000 clients, five digits hold 99,999."""

AGENTS_PER_BRANCH = 3
"""Enough that one agent's stop can be given to another, few enough to follow by eye."""

AGENT_BASE_METRES_MAX = 45_000
"""How far an agent's town may lie from the branch's town: under an hour's drive to bring the cash in."""

AGENT_BASE_METRES_MIN = 5_000
"""How far the towns of two agents lie apart at least, so that each has a round of their own."""

AGENT_CASH_LIMIT_MINOR = 5_000_000
"""50,000 yuan in hand: the demonstration's house rule, a few large repayments pass it (PAY-LIMIT)."""

AGENT_VISITS_MAX = 40
"""Ten hours of shift at eight minutes a stop and short drives between them: as many as a round has candidates."""

BOOKINGS_PER_AGENT = 6
"""15 % of the 40 candidates, and one for each booking slot, so that all of them can be kept."""

HISTORY_MONTHS = 5
"""Months before the newest bill that the source holds; older instalments cannot be counted."""

INSTALMENT_FLOOR_MINOR = 10_000
"""The least monthly instalment, 100 yuan, as card issuers commonly set one."""

INSTALMENT_PERCENT = 10
"""The monthly minimum as a share of the bill, the customary ten per cent."""

NAME_LENGTH_MAX = 64
"""Characters of a world's folder name: it is one folder, never a path."""

NOTICE_REISSUED_EVERY = 20
"""Every twentieth notice has a second version, so that a superseded letter exists."""

NOTICES_PER_AGENT = 14
"""35 % of the 40 candidates carry a letter."""

PAYMENTS_COUNT = 12
"""Payments that reach the creditor while agents are on the road: a few, to be met as surprises."""

PRIZE_SECONDS_MAX = 7_200
"""No optional stop is worth more than two hours of an agent's time."""

SERVICE_YEAR_MAX = 2099
"""With `SERVICE_YEAR_MIN`, this century: a due date months earlier still exists and has four digits."""

SERVICE_YEAR_MIN = 2001
"""See `SERVICE_YEAR_MAX`."""

SETTLEMENT_METRES_MAX = 4_500
"""How far from the centre of its town a customer lives; also how far from the base a round reaches."""

SETTLEMENT_WEIGHT_MAX = 400_000
"""Inhabitants counted at most: otherwise the two cities would leave the small towns empty."""

SETTLEMENT_WEIGHT_UNKNOWN = 20_000
"""Inhabitants assumed where GeoNames states none: an ordinary township of this region."""

VISITS_PER_AGENT = 40
"""Candidates around one agent's base: 120 a branch, 240 in the world, more than can be driven."""

WRITTEN_OFF_MONTHS = 6
"""Months late from which an account counts as written off, as lenders commonly do after 180 days."""
