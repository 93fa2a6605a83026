"""The desk: what a visitor finds, fills in and hands over, on the real store. No Qt, no network."""
