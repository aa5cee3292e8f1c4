//! What lets people in is nowhere to be read: not in the database, not in the log, not in words.

use entity::{account::Role, log, session::Kind};
use sea_orm::{ConnectionTrait, Statement};
use taizhang::{app::sign_in, domain::secret::Secret, store::Actor};

use crate::harness::{
    Town,
    signing_in::{NEXT, PASSWORD, device_at},
};

on_both!(no_secret_is_kept_as_it_is);

/// Names and addresses that were tried and must not be kept.
const TRIED: &str = "zhao-liu-not-here";
const ADDRESS: [u8; 4] = [203, 0, 113, 77];

async fn no_secret_is_kept_as_it_is(town: &Town) {
    let ledger = &town.ledger;
    let name = town.settle_in(Role::Auditor).await;
    let operator = Actor::operator();
    let unopened = sign_in::issue_link(
        ledger,
        &operator,
        "inspector",
        entity::one_time_link::Purpose::FirstSignIn,
    );
    let unopened = unopened.await.expect("a link");
    let device = || device_at(ADDRESS);
    let sign_in = async |name: &str, password: &str, code: Option<&str>, kind| {
        sign_in::sign_in(ledger, name, password, code, device(), kind).await
    };
    let tried = sign_in(TRIED, NEXT, None, Kind::Api).await.expect_err("nobody has this name");
    let browser = sign_in(&name, PASSWORD, None, Kind::Browser).await.expect("signed in");
    let (secret, codes) = town.enroll(browser.session).await;
    let code = Some(codes[0].expose());
    let api = sign_in(&name, PASSWORD, code, Kind::Api).await.expect("signed in");
    let next = sign_in::refresh(ledger, &api.token).await.expect("the next");
    let reused = sign_in::refresh(ledger, &api.token).await.expect_err("used before");
    sign_in::change_password(ledger, browser.session, PASSWORD, NEXT).await.expect("changed");

    let access = api.access_token.as_ref().expect("an access token").0.clone();
    let address = device().address.to_string();
    let mut secrets = vec![PASSWORD, NEXT, TRIED, &address, unopened.expose()];
    secrets.extend([&browser.token, &api.token, &next.token, &access].map(Secret::expose));
    secrets.extend(codes.iter().map(Secret::expose));
    let bare: Vec<String> =
        codes.iter().map(|code| code.expose().replace('-', "").to_uppercase()).collect();
    secrets.extend(bare.iter().map(String::as_str));
    let mut secrets: Vec<Vec<u8>> =
        secrets.into_iter().map(|one| one.as_bytes().to_vec()).collect();
    secrets.push(secret);

    let stored = stored(town).await;
    assert!(finds(&stored, name.as_bytes()), "what is kept is found");
    for (place, secret) in secrets.iter().enumerate() {
        assert!(!finds(&stored, secret), "secret {place} is kept as it is");
    }
    for entry in town.rows::<log::Entity>().await {
        for secret in &secrets {
            assert!(!finds(entry.body.as_bytes(), secret), "{}", entry.body);
        }
        assert!(!entry.body.contains("argon2"), "{}", entry.body);
    }
    let words = format!(
        "{tried:?} {tried} {reused:?} {reused} {api:?} {browser:?} {device:?}",
        device = device().mark
    );
    for secret in &secrets {
        assert!(!finds(words.as_bytes(), secret), "{words}");
    }
}

fn finds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Everything the database holds: the files of SQLite, or every row of PostgreSQL as text.
async fn stored(town: &Town) -> Vec<u8> {
    if !town.is_postgres() {
        return town.files();
    }
    let tables = [
        "account",
        "credential",
        "log_entry",
        "one_time_link",
        "recovery_code",
        "request_key",
        "session",
        "session_token",
        "sign_in_attempt",
    ];
    let mut bytes = Vec::new();
    for table in tables {
        let sql = format!("SELECT string_agg(t::text, ' ') FROM {table} t");
        let statement = Statement::from_string(town.db.get_database_backend(), sql);
        let row = town.db.query_one_raw(statement).await.expect("rows").expect("one row");
        let text: Option<String> = row.try_get_by_index(0).expect("text");
        bytes.extend(unescaped(&text.unwrap_or_default()));
    }
    bytes
}

/// PostgreSQL writes bytes as hexadecimal digits: they are put beside the text as bytes.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for part in text.split("\\x").skip(1) {
        let digits: Vec<u8> = part.bytes().take_while(u8::is_ascii_hexdigit).collect();
        let pairs = digits.chunks_exact(2).filter_map(|pair| std::str::from_utf8(pair).ok());
        bytes.extend(pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()));
    }
    bytes
}
