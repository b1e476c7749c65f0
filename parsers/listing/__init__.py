"""One module a kind of list."""
