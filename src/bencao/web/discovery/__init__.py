"""The discovery room: screens as jobs that outlive the server, their hits, and poses in three dimensions."""
