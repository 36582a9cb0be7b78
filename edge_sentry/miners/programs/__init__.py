"""One file for each mining program or protocol: what it tells and in which units. None knows another."""
