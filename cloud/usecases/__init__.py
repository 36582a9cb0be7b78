"""One verb, one file, one public function. Use cases know ports and domain, and not each other."""
