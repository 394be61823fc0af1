"""Stands in for Qiskit: see README.md."""

__version__ = "2.6.2"
