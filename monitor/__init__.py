"""Compare: captures to versions, versions to changes; page status, the recheck plan, site health. Pure."""
