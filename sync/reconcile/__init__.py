"""Reconciliation: folding all facts that touch one aggregate into its state, postings and discrepancies."""
