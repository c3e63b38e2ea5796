"""Tests of the interpreter: every expectation is worked out by hand in the test."""
