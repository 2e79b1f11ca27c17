"""Views of aggregates: the facts about one of them, sorted by what they say, with its state and its postings."""
