//! The `tribunal` program.

fn main() {}
