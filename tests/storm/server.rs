//! The program, serving.

use std::{
    fs,
    io::{BufRead, BufReader, Lines},
    net::{Ipv4Addr, SocketAddr},
    process::{Child, ChildStderr, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use rustix::process::{Pid, Signal, kill_process};

use super::{Site, client::Client};

/// Lines of the program's own log that are kept.
const KEPT: usize = 10;

/// A program that serves a ledger; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    at: SocketAddr,
    errors: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts it at a port that is free.
    pub(crate) fn start(ground: &Site) -> Server {
        Server::start_at(ground, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }

    /// Starts it at an address.
    pub(crate) fn start_at(ground: &Site, at: SocketAddr) -> Server {
        let mut command = ground.command(&["serve", "--listen", &at.to_string()]);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut lines = BufReader::new(child.stderr.take().expect("its words")).lines();
        let first = lines.next().map_or_else(String::new, |line| line.expect("words"));
        let at = first
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.trim_end_matches('/').parse().ok());
        let at = at.unwrap_or_else(|| {
            panic!("{first} {:?}", lines.by_ref().map_while(Result::ok).collect::<Vec<_>>())
        });
        let errors = Arc::default();
        let kept = Arc::clone(&errors);
        thread::spawn(move || keep_errors(lines, &kept));
        Server { child, at, errors }
    }

    /// Where it listens.
    pub(crate) const fn at(&self) -> SocketAddr {
        self.at
    }

    /// Kills it as the kernel kills.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Tells it to end; what it logged as an error, and how it ended if that was not well.
    pub(crate) fn end(mut self) -> Vec<String> {
        kill_process(Pid::from_child(&self.child), Signal::TERM).expect("told");
        let status = self.child.wait().expect("ended");
        let mut errors = self.errors();
        if !status.success() {
            errors.push(format!("the server ended with {status}"));
        }
        errors
    }

    /// What it logged as an error.
    pub(crate) fn errors(&self) -> Vec<String> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The most memory it ever had, in MB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let size = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        size.expect("a size in kB") >> 10
    }

    /// A gauge of its metrics. Whoever asks is counted in it.
    pub(crate) async fn gauge(&self, name: &str) -> u64 {
        Client::from(self.at, 10_000).gauge(name).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it may have ended long ago
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn keep_errors(lines: Lines<BufReader<ChildStderr>>, kept: &Mutex<Vec<String>>) {
    for line in lines.map_while(Result::ok) {
        let is_error = line.contains("\"level\":\"ERROR\"") || line.contains("panicked");
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if is_error && kept.len() < KEPT {
            kept.push(line);
        }
    }
}
