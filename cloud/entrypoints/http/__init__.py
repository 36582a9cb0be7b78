"""HTTP: `exchange` is what handlers see, `mount` binds them to Chalice, the rest are the handlers."""
