"""HTTP: one file for each audience; errors become problem documents in one place."""
