"""The mining programs that come with the commander, and how each is started."""
