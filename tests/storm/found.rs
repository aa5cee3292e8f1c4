//! What a part found.

use std::fmt::Display;

/// Faults that are told one by one.
const TOLD: usize = 20;

/// What a part counted, and what was not as it must be.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// What was counted, by its name.
    pub(crate) figures: Vec<(&'static str, String)>,
    /// What was not as it must be; the first of many.
    pub(crate) faults: Vec<String>,
}

impl Found {
    /// Adds a figure.
    pub(crate) fn figure(&mut self, name: &'static str, value: impl Display) {
        self.figures.push((name, value.to_string()));
    }

    /// Adds a fault.
    pub(crate) fn fault(&mut self, words: impl Into<String>) {
        if self.faults.len() < TOLD {
            self.faults.push(words.into());
        }
    }

    /// Adds a figure that must be another one.
    pub(crate) fn equal(&mut self, name: &'static str, found: u64, expected: u64) {
        self.figure(name, found);
        if found != expected {
            self.fault(format!("{name}: {found}, not {expected}"));
        }
    }

    /// Adds a figure that must not be greater than another one.
    pub(crate) fn at_most(&mut self, name: &'static str, found: u64, most: u64, unit: &str) {
        self.figure(name, format!("{found} {unit} (at most {most})"));
        if found > most {
            self.fault(format!("{name}: {found} {unit}, more than {most}"));
        }
    }

    /// Adds what somebody else found.
    pub(crate) fn faults_of(&mut self, faults: impl IntoIterator<Item = String>) {
        for fault in faults {
            self.fault(fault);
        }
    }
}
