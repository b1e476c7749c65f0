"""What things mean: frozen types, errors, clock and settings. Imports nothing of ours."""
