//! People of the town who sign in.

use std::{
    collections::HashMap,
    fmt::Write as _,
    fs,
    net::{IpAddr, Ipv4Addr},
    sync::{LazyLock, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use entity::{
    account::{self, Role},
    area::AreaCode,
    credential,
    id::SessionId,
    session::Kind,
};
use taizhang::{
    app::{
        self,
        sign_in::{Device, Opened},
    },
    domain::{
        password::Profile, permission::Action, second_factor, secret::Secret, token::Speaker,
    },
    error::Result,
    store::{Actor, Opening},
};

use super::{Town, town::account_name};

/// What everybody's password is at first.
pub(crate) const PASSWORD: &str = "山高水长路远天阔云淡风轻月明星稀";
/// What passwords are changed to.
pub(crate) const NEXT: &str = "一条大河波浪宽，风吹稻花香两岸";

/// A device somewhere.
pub(crate) fn device() -> Device {
    device_at([192, 0, 2, 1])
}

/// A device at an address.
pub(crate) fn device_at(address: [u8; 4]) -> Device {
    let address = IpAddr::V4(Ipv4Addr::from(address));
    Device { label: "火狐浏览器".to_owned(), address, mark: None }
}

/// The secret that an app reads from what it is shown.
pub(crate) fn shared_secret(uri: &Secret) -> Vec<u8> {
    let text = uri.expose().split("secret=").nth(1).expect("a secret");
    let letters = text.split('&').next().expect("a secret");
    let mut bits = String::new();
    for letter in letters.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            other => other - b'2' + 26,
        };
        write!(bits, "{value:05b}").expect("written");
    }
    let bytes =
        bits.as_bytes().chunks_exact(8).map(|byte| std::str::from_utf8(byte).expect("bits"));
    bytes.map(|byte| u8::from_str_radix(byte, 2).expect("bits")).collect()
}

impl Town {
    /// An account with a password that nobody knows, a second factor, and an open session.
    pub(crate) async fn seat(&self, name: &str, area: AreaCode) -> (String, SessionId) {
        let ledger = &self.ledger;
        let operator = Actor::operator();
        let role = Role::Inspector;
        let account = app::account::add(ledger, &operator, name, role, area).await.expect("added");
        let own = self.account(name).await;
        self.set_hash(&own, &account, STANDARD.encode([0; 16])).await;
        ledger.offer_factor(&account).await.expect("an offer");
        let enrolled = ledger.write(&own, Action::EnrollSecondFactor, async |write| {
            write.note_account(&account);
            write.confirm_factor(account.id).await
        });
        enrolled.await.expect("a second factor");
        let opening = Opening {
            account: account.id,
            password_of: ledger.clock().now(),
            kind: Kind::Browser,
            device: String::new(),
            must_change_password: false,
            must_enroll: false,
        };
        let (session, _) = ledger.open_session(opening).await.expect("a session");
        (name.to_owned(), session.id)
    }

    /// Gives whoever has a role a password; the sign-in name.
    pub(crate) async fn settle_in(&self, role: Role) -> String {
        let name = account_name(role);
        self.give_password(&name).await;
        name
    }

    /// Gives an account its first password, where it has none.
    pub(crate) async fn give_password(&self, name: &str) {
        let candidate = self.ledger.candidate(name).await.expect("a query");
        if candidate.is_some_and(|one| one.credential.is_some()) {
            return;
        }
        let own = self.account(name).await;
        let account =
            self.ledger.candidate(name).await.expect("a query").expect("somebody").account;
        self.set_hash(&own, &account, self.hash().await).await;
    }

    async fn set_hash(&self, own: &Actor, account: &account::Model, hash: String) {
        let set = self.ledger.write(own, Action::SetPassword, async |write| {
            write.set_password(account.id, hash, Profile::Nist).await?;
            write.note_account(account);
            Ok(())
        });
        set.await.expect("a password");
    }

    /// The hash of [`PASSWORD`], which is slow to make: once for all towns of the same keys.
    async fn hash(&self) -> String {
        static HASHES: LazyLock<Mutex<HashMap<Vec<u8>, String>>> = LazyLock::new(Mutex::default);
        let keys = fs::read(self.keys()).expect("the keys");
        let known = HASHES.lock().expect("the hashes").get(&keys).cloned();
        if let Some(hash) = known {
            return hash;
        }
        let hash = self.ledger.hash_password(PASSWORD).await.expect("a hash");
        HASHES.lock().expect("the hashes").entry(keys).or_insert(hash).clone()
    }

    /// A new session of the API of an account that has a password, which is not asked for: what
    /// signing in does about it is told in `sign_in` and `api::door`.
    pub(crate) async fn open_token(&self, name: &str) -> Secret {
        let ledger = &self.ledger;
        let candidate = ledger.candidate(name).await.expect("a query").expect("somebody");
        let is_required = second_factor::is_required(ledger.profile(), candidate.account.role);
        let credential = candidate.credential.as_ref().expect("a password");
        let opening = Opening {
            account: candidate.account.id,
            password_of: credential.changed_at,
            kind: Kind::Api,
            device: String::new(),
            must_change_password: credential.must_change,
            must_enroll: is_required && !candidate.has_second_factor(),
        };
        let (session, _) = ledger.open_session(opening).await.expect("a session");
        let speaker = Speaker { account: candidate.account.id, session: session.id };
        ledger.issue_access_token(speaker).expect("a token").0
    }

    /// Signs in with the password and nothing else.
    pub(crate) async fn sign_in(&self, name: &str, password: &str, kind: Kind) -> Result<Opened> {
        app::sign_in::sign_in(&self.ledger, name, password, None, device(), kind).await
    }

    /// A session of the API of a clerk who has a password.
    pub(crate) async fn clerk_session(&self) -> (String, Opened) {
        let name = self.settle_in(Role::TownshipClerk).await;
        let opened = self.sign_in(&name, PASSWORD, Kind::Api).await.expect("signed in");
        (name, opened)
    }

    /// Enrolls a second factor in a session: the shared secret and the recovery codes.
    pub(crate) async fn enroll(&self, session: SessionId) -> (Vec<u8>, Vec<Secret>) {
        let ledger = &self.ledger;
        let offer = app::sign_in::enroll_second_factor(ledger, session, PASSWORD).await;
        let secret = shared_secret(&offer.expect("an offer").uri);
        let code = self.code(&secret);
        let codes = app::sign_in::confirm_second_factor(ledger, session, code.expose()).await;
        (secret, codes.expect("confirmed"))
    }

    /// The code an app shows now.
    pub(crate) fn code(&self, secret: &[u8]) -> Secret {
        second_factor::code(secret, self.ledger.clock().now()).expect("a code")
    }

    /// What an account is proven by, as it is stored.
    pub(crate) async fn credential(&self, name: &str) -> credential::Model {
        let candidate = self.ledger.candidate(name).await.expect("a query").expect("an account");
        candidate.credential.expect("a credential")
    }
}
