//! The table of figures as it is printed.

use std::time::Duration;

/// One measured quantity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Figure {
    Time(Duration),
    /// Kilobytes.
    Memory(u64),
    /// So many a second.
    Rate(u64),
    /// Hundredths.
    Ratio(u64),
}

impl Figure {
    const fn number(self) -> u64 {
        match self {
            Figure::Time(time) => {
                time.as_secs().saturating_mul(1_000_000_000) + time.subsec_nanos() as u64
            }
            Figure::Memory(n) | Figure::Rate(n) | Figure::Ratio(n) => n,
        }
    }

    /// Whether it keeps to a goal: rates are to be higher, all else lower.
    fn keeps(self, goal: Figure) -> bool {
        match self {
            Figure::Rate(n) => n >= goal.number(),
            _ => self.number() <= goal.number(),
        }
    }

    fn show(self) -> String {
        match self {
            Figure::Time(time) if time.as_millis() >= 1_000 => {
                format!("{}.{:02} s", time.as_secs(), time.subsec_millis() / 10)
            }
            Figure::Time(time) => {
                format!("{}.{:03} ms", time.as_micros() / 1_000, time.as_micros() % 1_000)
            }
            Figure::Memory(kilobytes) => format!("{} MB", kilobytes / 1_024),
            Figure::Rate(n) => format!("{n} /s"),
            Figure::Ratio(n) => format!("{}.{:02} x", n / 100, n % 100),
        }
    }
}

/// How many times the second goes into the first, in hundredths.
pub(crate) fn ratio(ours: Figure, twin: Figure) -> Option<Figure> {
    (ours.number() * 100).checked_div(twin.number()).map(Figure::Ratio)
}

/// A row in the making.
pub(crate) struct Row {
    name: String,
    size: u64,
    ours: Figure,
    cpu: Option<Duration>,
    twin: Option<Figure>,
    goal: Option<Figure>,
    note: String,
}

impl Row {
    pub(crate) fn new(name: &str, size: u64, ours: Figure) -> Row {
        Row {
            name: name.to_owned(),
            size,
            ours,
            cpu: None,
            twin: None,
            goal: None,
            note: String::new(),
        }
    }

    pub(crate) fn cpu(self, cpu: Duration) -> Row {
        Row { cpu: Some(cpu), ..self }
    }

    pub(crate) fn twin(self, twin: Figure) -> Row {
        Row { twin: Some(twin), ..self }
    }

    /// The goal, where it is meant for this size.
    pub(crate) fn goal(self, size: u64, goal: Figure) -> Row {
        if size == self.size { Row { goal: Some(goal), ..self } } else { self }
    }

    pub(crate) fn note(self, note: impl Into<String>) -> Row {
        Row { note: note.into(), ..self }
    }

    /// Prints it as a line of a table.
    #[expect(clippy::print_stdout, reason = "the figures are what the benchmark is for")]
    pub(crate) fn print(self) {
        let shown = |figure: Option<Figure>| figure.map_or_else(String::new, Figure::show);
        let met = match self.goal {
            Some(goal) if self.ours.keeps(goal) => "met",
            Some(_) => "MISSED",
            None => "",
        };
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {met} | {} |",
            self.name,
            self.size,
            self.ours.show(),
            shown(self.cpu.map(Figure::Time)),
            shown(self.twin),
            shown(self.twin.and_then(|twin| ratio(self.ours, twin))),
            shown(self.goal),
            self.note
        );
    }
}

/// Prints the head of the table.
#[expect(clippy::print_stdout, reason = "the figures are what the benchmark is for")]
pub(crate) fn begin() {
    println!("| figure | assets | here | CPU | twin | here / twin | goal | | |");
    println!("|---|---|---|---|---|---|---|---|---|");
}
