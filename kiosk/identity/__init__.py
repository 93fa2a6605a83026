"""Enrolment of this device; later sign-in, sessions, staff and consent."""
