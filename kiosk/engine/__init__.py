"""The process without Qt: owns the profile, sends the outbox, supervises session processes."""
