"""API Gateway and CloudFront for one machine: exact events into the Chalice app, the socket, the page."""
