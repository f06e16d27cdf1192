"""The composition root: settings, Flask app, REST, pages, command line, worker, clock."""
