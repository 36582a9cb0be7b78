"""Starts, watches and stops mining programs, and finds the running ones again after a restart."""
