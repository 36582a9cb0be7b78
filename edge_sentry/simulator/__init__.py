"""Pretended rigs that speak the real protocol over real HTTP."""
