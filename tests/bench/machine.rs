//! What the machine says: processor time, memory, a program run from start to end.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};

use crate::Outcome;

/// Ticks of the kernel's account in a second, on every Linux of today.
const TICKS: u64 = 100;

/// What something cost.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    /// The most memory it held, in kilobytes; not known of work in this process.
    pub(crate) peak: u64,
}

impl std::ops::Div<u32> for Cost {
    type Output = Cost;

    fn div(self, n: u32) -> Cost {
        Cost { wall: self.wall / n, cpu: self.cpu / n, ..self }
    }
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        self.wall += other.wall;
        self.cpu += other.cpu;
        self.peak = self.peak.max(other.peak);
    }
}

/// Processor time of all threads of this process.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let (seconds, nanos) = (time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs());
    Duration::from_secs(seconds) + Duration::from_nanos(nanos)
}

/// A stopwatch.
pub(crate) struct Watch(Instant, Duration);

impl Watch {
    pub(crate) fn start() -> Watch {
        Watch(Instant::now(), cpu())
    }

    pub(crate) fn stop(self) -> Cost {
        Cost { wall: self.0.elapsed(), cpu: cpu().saturating_sub(self.1), peak: 0 }
    }
}

/// Processor time of the children that ended.
fn cpu_of_children() -> Outcome<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 =
        after_name.split_whitespace().skip(13).take(2).flat_map(str::parse::<u64>).sum();
    Ok(Duration::from_millis(ticks * 1_000 / TICKS))
}

/// Processor time of another process, as finely as the kernel tells it.
pub(crate) fn cpu_of(process: &str) -> Outcome<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).flat_map(str::parse::<u64>).sum();
    Ok(Duration::from_millis(ticks * 1_000 / TICKS))
}

/// A line of `/proc/…/status` in kilobytes.
pub(crate) fn memory(process: &str, line: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|found| found.strip_prefix(line))?;
    line.trim_start_matches(':').trim().split(' ').next()?.parse().ok()
}

/// Runs a program to its end. It must succeed.
pub(crate) fn run(command: &mut Command) -> Outcome<Cost> {
    let before = cpu_of_children()?;
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let (id, mut peak) = (child.id().to_string(), 0);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak = memory(&id, "VmHWM").unwrap_or(0).max(peak);
        let pause = if start.elapsed().as_millis() < 100 { 1 } else { 10 };
        thread::sleep(Duration::from_millis(pause));
    };
    let wall = start.elapsed();
    if !status.success() {
        return Err(format!("{command:?} ended with {status}").into());
    }
    Ok(Cost { wall, cpu: cpu_of_children()?.saturating_sub(before), peak })
}
