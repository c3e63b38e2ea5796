//! Tests of whole explorations of small systems.
