//! A wire between whoever calls the program and the program, which can be cut: whole, dead, or broken
//! off in the middle of what is sent by a form.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// What becomes of what goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives.
    Whole,
    /// Nothing arrives.
    Dead,
    /// Of what is sent to an address that ends so, the beginning arrives.
    Begun(&'static str),
    /// What is sent to an address that ends so arrives, and its answer is lost.
    Unanswered(&'static str),
}

struct Shared {
    to: String,
    fate: Fate,
    open: Vec<TcpStream>,
}

/// The wire.
pub(crate) struct Wire {
    /// Where it begins.
    pub(crate) at: String,
    shared: Arc<Mutex<Shared>>,
    n_cut: Arc<AtomicUsize>,
}

impl Wire {
    /// A wire to where the program listens.
    pub(crate) fn to(program: &str) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("an address").to_string();
        let shared = Shared { to: program.to_owned(), fate: Fate::Whole, open: Vec::new() };
        let shared = Arc::new(Mutex::new(shared));
        let n_cut = Arc::new(AtomicUsize::new(0));
        let (kept, counted) = (Arc::clone(&shared), Arc::clone(&n_cut));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (shared, n_cut) = (Arc::clone(&kept), Arc::clone(&counted));
                std::thread::spawn(move || carry(client, &shared, &n_cut));
            }
        });
        Wire { at, shared, n_cut }
    }

    /// Decides what becomes of what is sent from now on; what is under way ends where it is cut.
    pub(crate) fn becomes(&self, fate: Fate) {
        let mut shared = self.shared.lock().expect("no panic");
        self.n_cut.store(0, Ordering::SeqCst);
        shared.fate = fate;
        if fate == Fate::Dead {
            for stream in shared.open.drain(..) {
                drop(stream.shutdown(Shutdown::Both));
            }
        }
    }

    /// Leads to where the program listens by now.
    pub(crate) fn leads_to(&self, program: &str) {
        program.clone_into(&mut self.shared.lock().expect("no panic").to);
    }

    /// Waits until something was cut since its fate was decided.
    pub(crate) async fn is_cut(&self) {
        let begun = Instant::now();
        while self.n_cut.load(Ordering::SeqCst) == 0 {
            assert!(begun.elapsed() < Duration::from_mins(1), "nothing was cut");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Carries one connection.
#[expect(clippy::needless_pass_by_value, reason = "the connection ends with it")]
fn carry(client: TcpStream, shared: &Arc<Mutex<Shared>>, n_cut: &Arc<AtomicUsize>) {
    let fate = |shared: &Mutex<Shared>| shared.lock().expect("no panic").fate;
    if fate(shared) == Fate::Dead {
        return;
    }
    let to = shared.lock().expect("no panic").to.clone();
    let Ok(program) = TcpStream::connect(to) else { return };
    let both = || (client.try_clone().expect("a stream"), program.try_clone().expect("a stream"));
    let (mut from, mut into) = both();
    shared.lock().expect("no panic").open.extend([both().0, both().1]);
    // whether the answer to what was sent last is to be lost
    let is_lost = Arc::new(Mutex::new(false));
    let (lost, counted) = (Arc::clone(&is_lost), Arc::clone(n_cut));
    let (mut back, mut answers) = both();
    std::thread::spawn(move || {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(n @ 1..) = answers.read(&mut bytes) {
            if *lost.lock().expect("no panic") {
                counted.fetch_add(1, Ordering::SeqCst);
                break;
            }
            if back.write_all(&bytes[..n]).is_err() {
                break;
            }
        }
        drop(back.shutdown(Shutdown::Both));
        drop(answers.shutdown(Shutdown::Both));
    });
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(n @ 1..) = from.read(&mut bytes) {
        let head = String::from_utf8_lossy(&bytes[..n]);
        let line = head.lines().next().unwrap_or_default().to_owned();
        let is_to = |end: &str| line.starts_with("POST ") && line.contains(&format!("{end} HTTP"));
        let n_carried = match fate(shared) {
            Fate::Begun(end) if is_to(end) => n / 2,
            Fate::Unanswered(end) if is_to(end) => {
                *is_lost.lock().expect("no panic") = true;
                n
            }
            _ => n,
        };
        if into.write_all(&bytes[..n_carried]).is_err() {
            break;
        }
        if n_carried < n {
            n_cut.fetch_add(1, Ordering::SeqCst);
            break;
        }
    }
    drop(from.shutdown(Shutdown::Both));
    drop(into.shutdown(Shutdown::Both));
}
