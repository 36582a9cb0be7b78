"""The ways in: each parses, calls one use case and answers."""
