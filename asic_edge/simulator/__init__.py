"""Pretended ASICs on addresses of this computer, which answer as recorded ones did."""
