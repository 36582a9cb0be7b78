"""Simulated days in minutes, with the commander killed and the network cut, against an independent ledger."""
