"""Services: what the office does. They know ports, never adapters; `server.app` joins them."""
