"""Finds ASICs in ranges of addresses: who listens, and what it is."""
