"""The running agent: what is known of each device, what waits for the commander, and how it gets there."""
