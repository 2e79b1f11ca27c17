"""`doorstep demo`: a day at two branches, played by a real server and real phones that speak HTTP to it."""
