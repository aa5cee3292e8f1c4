//! Database errors told apart by what the caller can do about them.

use entity::language::Label;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use crate::error::Error;

/// SQLSTATEs that mean “somebody else is at it”: serialization, deadlock, lock not to be had,
/// cancelled by a time limit.
const BUSY_POSTGRES: [&str; 4] = ["40001", "40P01", "55P03", "57014"];
/// SQLite's primary result codes for the same: busy, and locked. Extended codes add 256s.
const BUSY_SQLITE: [i32; 2] = [5, 6];
/// The SQLSTATE and the result codes that mean “no room on the disk”: a full disk, and one on which
/// the shared memory beside the log cannot grow.
const FULL_POSTGRES: &str = "53100";
/// See [`FULL_POSTGRES`].
const FULL_SQLITE: [i32; 2] = [13, 4874];

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Error {
        if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
            return Error::Taken(Label::new("唯一的编号或名称", "unique code or name"));
        }
        if is_full(&error) {
            return Error::DiskFull;
        }
        if is_busy(&error) { Error::Busy } else { Error::Internal(anyhow::Error::new(error)) }
    }
}

/// What the driver says.
fn cause(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause.as_ref()),
        _ => None,
    }
}

fn is_full(error: &DbErr) -> bool {
    let Some(sqlx::Error::Database(fault)) = cause(error) else { return false };
    fault.code().is_some_and(|code| {
        let sqlite = code.parse::<i32>().is_ok_and(|code| FULL_SQLITE.contains(&code));
        code == FULL_POSTGRES || sqlite
    })
}

fn is_busy(error: &DbErr) -> bool {
    // no connection was free in time
    let Some(cause) = cause(error) else { return matches!(error, DbErr::ConnectionAcquire(_)) };
    match cause {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(fault) => fault.code().is_some_and(|code| {
            let sqlite = code.parse::<i32>().is_ok_and(|code| BUSY_SQLITE.contains(&(code & 0xff)));
            BUSY_POSTGRES.contains(&code.as_ref()) || (sqlite && code.len() < 5)
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnAcquireErr;

    use super::*;

    #[test]
    fn a_full_pool_is_busy_and_a_number_in_a_text_is_not() {
        let full = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        assert!(matches!(Error::from(full), Error::Busy));
        let timed_out = RuntimeErr::SqlxError(sqlx::Error::PoolTimedOut.into());
        assert!(matches!(Error::from(DbErr::Conn(timed_out)), Error::Busy));
        let other = DbErr::Custom("Key (asset_id)=(40001) is not present".to_owned());
        assert!(matches!(Error::from(other), Error::Internal(_)));
    }
}
