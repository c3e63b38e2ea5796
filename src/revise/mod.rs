//! Changes a workflow's text as a critique asks, and says how two versions differ.
//!
