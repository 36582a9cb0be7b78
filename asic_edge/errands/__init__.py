"""What is wanted of this edge from the dashboard, done by the code behind its commands."""
