"""Puts the commander into an AWS account, brings it up to date there, and takes it away again."""
