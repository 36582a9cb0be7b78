"""Who provides what the ports ask for: aws, local, and what serves both."""
