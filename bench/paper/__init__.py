"""A paper site to measure monitors with: pages over eight templates, real events between rounds, and noise always.

Everything follows from a seed. `press` makes the pages, `edits` is what happens to them, `schedule` says when, `truth`
and `scoring` what a monitor should have said; `serving` is the server. No text here is anyone's.
"""
