"""What `asic-edge` does, a command a file."""
