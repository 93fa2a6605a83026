"""Ports to hardware: printer, voice."""
