"""Rules without I/O or clock: records, keys, states, views."""
