//! How long a sign-in lasts, and how fresh the proof behind it is (reliability.md §3).

use chrono::{DateTime, TimeDelta, Utc};
use entity::session::{Kind, Model};

use crate::limits;

/// How long a session lasts unused, and at most.
const fn spans(kind: Kind) -> (TimeDelta, TimeDelta) {
    match kind {
        Kind::Browser => (
            TimeDelta::seconds(limits::BROWSER_IDLE_SECONDS),
            TimeDelta::seconds(limits::BROWSER_SESSION_SECONDS),
        ),
        Kind::Api => {
            (TimeDelta::days(limits::API_IDLE_DAYS), TimeDelta::days(limits::API_SESSION_DAYS))
        }
    }
}

/// The last moment of a session that begins now.
pub fn last_moment(kind: Kind, now: DateTime<Utc>) -> DateTime<Utc> {
    now + spans(kind).1
}

/// When a session ends if it is not used again.
pub fn ends_unused(session: &Model) -> DateTime<Utc> {
    session.expires_at.min(session.seen_at + spans(session.kind).0)
}

/// Whether a session goes on. A clock set back does not wake one that has ended.
pub fn is_open(session: &Model, now: DateTime<Utc>) -> bool {
    session.ended_at.is_none() && now < ends_unused(session)
}

/// Whether the person in a session proved who it is within a span.
pub fn has_stepped_up(session: &Model, within: TimeDelta, now: DateTime<Utc>) -> bool {
    is_fresh(session.stepped_up_at, within, now)
}

/// Whether a proof is younger than a span.
pub fn is_fresh(proven_at: DateTime<Utc>, within: TimeDelta, now: DateTime<Utc>) -> bool {
    now < proven_at + within
}

/// A device's name as it is kept: one line of bounded length.
pub fn device_label(label: &str) -> String {
    let seen = label.chars().filter(|character| !character.is_control());
    seen.take(limits::DEVICE_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use entity::id::{AccountId, SessionId};

    use super::*;

    fn session(kind: Kind) -> Model {
        let now = DateTime::UNIX_EPOCH;
        Model {
            id: SessionId(1),
            account_id: AccountId(1),
            kind,
            device: String::new(),
            issued_at: now,
            seen_at: now,
            expires_at: last_moment(kind, now),
            stepped_up_at: now,
            must_change_password: false,
            must_enroll: false,
            ended_at: None,
            end_reason: None,
        }
    }

    #[test]
    fn a_session_ends_unused_and_at_its_last_moment() {
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        for (kind, idle, most) in
            [(Kind::Browser, 30 * 60, 12 * 3600), (Kind::Api, 14 * 86_400, 90 * 86_400)]
        {
            let unused = session(kind);
            assert!(is_open(&unused, at(idle - 1)) && !is_open(&unused, at(idle)));
            let used = Model { seen_at: at(most - 1), ..session(kind) };
            assert!(is_open(&used, at(most - 1)) && !is_open(&used, at(most)));
            let ended = Model { ended_at: Some(at(0)), ..session(kind) };
            assert!(!is_open(&ended, at(1)));
        }
    }

    #[test]
    fn a_proof_grows_old() {
        let session = session(Kind::Browser);
        let within = TimeDelta::seconds(limits::STEP_UP_SECONDS);
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        assert!(has_stepped_up(&session, within, at(299)));
        assert!(!has_stepped_up(&session, within, at(300)));
    }

    #[test]
    fn a_device_has_one_line() {
        assert_eq!(device_label("火狐\n\u{7}浏览器"), "火狐浏览器");
        for (given, kept) in [(100, 100), (101, 100)] {
            assert_eq!(device_label(&"机".repeat(given)).chars().count(), kept);
        }
    }
}
