//! Database errors told apart by what the caller can do about them.

use entity::language::Label;
use sea_orm::{DbErr, SqlErr};

use crate::error::Error;

/// SQLSTATE and SQLite codes that mean “somebody else is at it”.
const BUSY: [&str; 6] = ["40001", "40P01", "55P03", "57014", "database is locked", "(code: 5)"];

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Error {
        if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
            return Error::Taken(Label::new("唯一的编号或名称", "unique code or name"));
        }
        let text = error.to_string();
        if BUSY.iter().any(|mark| text.contains(mark)) {
            return Error::Busy;
        }
        Error::Internal(anyhow::Error::new(error))
    }
}
