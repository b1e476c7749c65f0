"""up: everything on one machine, under one small supervisor."""
