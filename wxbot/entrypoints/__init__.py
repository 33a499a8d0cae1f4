"""The outer rim: web, worker and command line. Thin; all they do is call the floors below through `bootstrap`."""
