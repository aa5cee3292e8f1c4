//! The figures that are measured.

fn main() {}
