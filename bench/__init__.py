"""Benchmarks: `python -m bench` lists and runs them; docs/benchmarks.md says what each measures.

Peers are measured in the same run, in interleaved rounds, because ratios survive a noisy machine and seconds do not.
"""
