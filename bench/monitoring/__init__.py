"""Monitors that `bench.monitor` runs over one paper: ours and three of others, each behind the same small face."""
