"""The folder that a function runs from: what is in it, built without Docker and the same each time."""
