//! A small mail server (SMTP, RFC 5321) that does what it is told: takes letters, refuses them for good
//! or for now, hangs up, or says nothing.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What becomes of the next letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// They are taken.
    Taken,
    /// The address is refused with a code.
    Refused(u16),
    /// It hangs up before the letter.
    HungUp,
    /// It takes the letter and hangs up before it says so.
    TakenUnsaid,
    /// It says nothing any more.
    Silent,
}

/// A letter that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mail {
    /// For whom.
    pub(crate) to: String,
    /// Its headers and its text, as they came.
    pub(crate) data: String,
}

impl Mail {
    /// Its `Message-ID`.
    pub(crate) fn id(&self) -> &str {
        let line = self.data.lines().find(|line| line.starts_with("Message-ID: "));
        line.expect("a message id").trim_start_matches("Message-ID: ")
    }
}

/// The server.
pub(crate) struct MailServer {
    /// Where it listens.
    pub(crate) url: String,
    fate: Arc<Mutex<Fate>>,
    taken: Arc<Mutex<Vec<Mail>>>,
    n: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl MailServer {
    /// A server that takes everything.
    pub(crate) async fn open() -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let fate = Arc::new(Mutex::new(Fate::Taken));
        let (taken, n) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (fates, letters, count) = (fate.clone(), taken.clone(), n.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let fate = *fates.lock().expect("the fate");
                tokio::spawn(talk(stream, fate, letters.clone()));
            }
        });
        MailServer { url, fate, taken, n, task }
    }

    /// What becomes of letters from now on.
    pub(crate) fn becomes(&self, fate: Fate) {
        *self.fate.lock().expect("the fate") = fate;
    }

    /// The letters that were taken.
    pub(crate) fn taken(&self) -> Vec<Mail> {
        self.taken.lock().expect("the letters").clone()
    }

    /// How often somebody came.
    pub(crate) fn n_connections(&self) -> usize {
        self.n.load(Ordering::SeqCst)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn talk(stream: TcpStream, fate: Fate, taken: Arc<Mutex<Vec<Mail>>>) {
    let mut stream = BufReader::new(stream);
    let mut to = String::new();
    if say(&mut stream, "220 mail.example ready").await.is_none() {
        return;
    }
    let mut line = String::new();
    loop {
        line.clear();
        if !matches!(stream.read_line(&mut line).await, Ok(1..)) {
            return;
        }
        let word = line.split([' ', '\r']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (word.as_str(), fate) {
            ("EHLO" | "HELO", _) => "250 mail.example".to_owned(),
            ("RCPT", Fate::Refused(code)) => format!("{code} no"),
            ("RCPT", Fate::HungUp) => return,
            ("RCPT", Fate::Silent) => {
                drop(stream.read_to_string(&mut line).await);
                return;
            }
            ("RCPT", _) => {
                to = line.trim().trim_start_matches("RCPT TO:").trim_matches(['<', '>']).to_owned();
                "250 ok".to_owned()
            }
            ("DATA", _) => {
                say(&mut stream, "354 go on").await;
                let Some(data) = data(&mut stream).await else { return };
                taken.lock().expect("the letters").push(Mail { to: to.clone(), data });
                if fate == Fate::TakenUnsaid {
                    return;
                }
                "250 taken".to_owned()
            }
            ("QUIT", _) => {
                say(&mut stream, "221 bye").await;
                return;
            }
            _ => "250 ok".to_owned(),
        };
        if say(&mut stream, &answer).await.is_none() {
            return;
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, words: &str) -> Option<()> {
    stream.get_mut().write_all(format!("{words}\r\n").as_bytes()).await.ok()
}

/// A letter up to the line with a dot alone.
async fn data(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut all = String::new();
    loop {
        let mut line = String::new();
        if !matches!(stream.read_line(&mut line).await, Ok(1..)) {
            return None;
        }
        if line == ".\r\n" {
            return Some(all);
        }
        all.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
