"""Makes the ASIC edge a service of the system, and takes that back."""
