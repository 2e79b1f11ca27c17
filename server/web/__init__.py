"""The office's pages: templates, their words in two languages, styles and small scripts."""
