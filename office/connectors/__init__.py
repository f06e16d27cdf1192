"""Other systems that processes may call: named connectors of an agency, guarded on all sides."""
