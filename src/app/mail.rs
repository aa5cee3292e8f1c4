//! Carrying letters: laid into a folder, or handed to a mail server (SMTP, RFC 5321).

use std::{io::Write as _, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};

use crate::{
    domain::{digest::Letter, secret::Secret},
    error::{Error, Result},
    limits,
};

/// Where letters are handed in.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// The name of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How what is sent is kept from being read on the way.
    pub privacy: Privacy,
    /// Who hands in, where the server asks.
    pub user: Option<(String, Secret)>,
    /// Whom letters are from.
    pub from: String,
}

/// How what is sent is kept from being read on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// By TLS from the first byte (`smtps:`).
    Tls,
    /// By TLS that is begun before anything is sent (`smtp:`).
    StartTls,
    /// It does not leave the machine.
    Local,
}

impl MailServer {
    /// Reads an address such as `smtps://user@mail.example.gov.cn:465`; a host of this machine alone
    /// may be reached without TLS.
    pub fn read(url: &str, from: &str, password: Option<Secret>) -> Result<MailServer, String> {
        let expected = "应为 smtps://用户@主机:端口 或 smtp://主机:端口 / expected smtps://user@host:port or smtp://host:port";
        let wrong = || format!("TAIZHANG_SMTP：{expected}");
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        let (user, place) =
            rest.rsplit_once('@').map_or((None, rest), |(user, place)| (Some(user), place));
        let place = place.trim_end_matches('/');
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| wrong())?)),
            None => (place, None),
        };
        if host.is_empty() || host.contains('/') || user.is_some_and(|user| user.contains(':')) {
            return Err(wrong());
        }
        let is_local = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
        let (privacy, usual) = match scheme {
            "smtps" => (Privacy::Tls, 465),
            "smtp" if is_local => (Privacy::Local, 25),
            "smtp" => (Privacy::StartTls, 587),
            _ => return Err(wrong()),
        };
        if from.parse::<Mailbox>().is_err() {
            return Err(
                "TAIZHANG_SMTP_FROM：应为发件邮箱地址 / expected the address that letters are from"
                    .to_owned(),
            );
        }
        let user = match (user, password) {
            (Some(user), Some(password)) => Some((user.to_owned(), password)),
            (None, None) => None,
            _ => return Err("TAIZHANG_SMTP 的用户与 TAIZHANG_SMTP_PASSWORD 须一并给出 / the user of TAIZHANG_SMTP and TAIZHANG_SMTP_PASSWORD go together".to_owned()),
        };
        let port = port.unwrap_or(usual);
        Ok(MailServer { host: host.to_owned(), port, privacy, user, from: from.to_owned() })
    }

    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
        let named = || TlsParameters::new(self.host.clone()).map_err(anyhow::Error::new);
        let tls = match self.privacy {
            Privacy::Tls => Tls::Wrapper(named()?),
            Privacy::StartTls => Tls::Required(named()?),
            Privacy::Local => Tls::None,
        };
        let host = self.host.trim_matches(['[', ']']);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(self.port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(limits::MAIL_SECONDS)));
        if let Some((user, password)) = &self.user {
            builder =
                builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(builder.build())
    }
}

/// What carries letters.
pub enum Carrier {
    /// Each is a file of a folder.
    Folder(PathBuf),
    /// A mail server takes them.
    Server(Box<MailServer>, AsyncSmtpTransport<Tokio1Executor>),
}

/// Why a letter was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// The server refuses the address for good: its code.
    Refused(String),
    /// Not now: the code, or what failed before there was one.
    Later(String),
    /// The server takes nothing from us: its code.
    Closed(String),
}

/// Codes with which a server refuses us, not an address (RFC 4954 §6).
const OF_OURS: [&str; 4] = ["530", "534", "535", "538"];

impl Carrier {
    /// A carrier to a mail server.
    pub fn server(server: MailServer) -> Result<Carrier> {
        let transport = server.transport()?;
        Ok(Carrier::Server(Box::new(server), transport))
    }

    /// Whether it needs an address.
    pub const fn needs_address(&self) -> bool {
        matches!(self, Carrier::Server(..))
    }

    /// Carries a letter under a name that is the same however often it is carried: a file takes the
    /// place of itself, and a mail server sees the same message again.
    pub async fn carry(
        &self,
        (name, address): (&str, Option<&str>),
        letter: &Letter,
    ) -> Result<std::result::Result<(), NotTaken>> {
        match self {
            Carrier::Folder(folder) => {
                let mut file = tempfile::NamedTempFile::new_in(folder)?;
                file.write_all(format!("{}\n", letter.text).as_bytes())?;
                file.as_file().sync_all()?;
                file.persist(folder.join(format!("{name}.txt"))).map_err(|error| error.error)?;
                Ok(Ok(()))
            }
            Carrier::Server(server, transport) => {
                let Some(to) = address.and_then(|address| address.parse::<Mailbox>().ok()) else {
                    return Ok(Err(NotTaken::Refused("address".to_owned())));
                };
                let from: Mailbox = server.from.parse().map_err(anyhow::Error::new)?;
                let domain = from.email.domain().to_owned();
                let message = Message::builder()
                    .from(from)
                    .to(to)
                    .message_id(Some(format!("<{name}@{domain}>")))
                    .subject(letter.subject.clone())
                    .header(ContentType::TEXT_PLAIN)
                    .body(letter.text.clone())
                    .map_err(|error| Error::Internal(anyhow::Error::new(error)))?;
                let patience = Duration::from_secs(limits::MAIL_SECONDS);
                // a server may take the connection and then say nothing
                match tokio::time::timeout(patience, transport.send(message)).await {
                    Ok(done) => Ok(done.map(drop).map_err(|error| why(&error))),
                    Err(_) => Ok(Err(NotTaken::Later("timeout".to_owned()))),
                }
            }
        }
    }
}

fn why(error: &lettre::transport::smtp::Error) -> NotTaken {
    let code = error.status().map(|code| code.to_string());
    match code {
        Some(code) if OF_OURS.contains(&code.as_str()) => NotTaken::Closed(code),
        Some(code) if error.is_permanent() => NotTaken::Refused(code),
        Some(code) => NotTaken::Later(code),
        None if error.is_timeout() => NotTaken::Later("timeout".to_owned()),
        None => NotTaken::Later("connection".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_read_from_its_address() {
        let password = || Some(Secret::new("x"));
        let read = |url: &str, password| MailServer::read(url, "l@example.gov.cn", password);
        let one = read("smtps://l@mail.example.gov.cn", password()).expect("a server");
        assert_eq!((one.port, one.privacy), (465, Privacy::Tls));
        let one = read("smtp://mail.example.gov.cn:2525", None).expect("a server");
        assert_eq!((one.port, one.privacy), (2525, Privacy::StartTls));
        let one = read("smtp://127.0.0.1:1025", None).expect("a server");
        assert_eq!((one.port, one.privacy), (1025, Privacy::Local));
        for bad in
            ["mail", "http://m.cn", "smtp://", "smtp://m.cn:x", "smtps://u:p@m.cn", "smtp://m.cn/x"]
        {
            assert!(read(bad, None).is_err(), "{bad}");
        }
        // a user without a password, and the other way round
        assert!(read("smtps://l@m.cn", None).is_err() && read("smtps://m.cn", password()).is_err());
        assert!(MailServer::read("smtp://localhost", "nobody", None).is_err());
        let told = format!("{:?}", read("smtps://l@m.cn", Some(Secret::new("geheim"))));
        assert!(!told.contains("geheim"), "{told}");
    }
}
