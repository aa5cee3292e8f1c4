//! How a caller names what is to be changed, and what a change comes to.

use entity::id::AccountId;

use crate::error::{Error, Result};

/// A row by its id, and by the version that was read where the caller says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<I> {
    /// Its id.
    pub id: I,
    /// The version that was read; empty for whatever it is now.
    pub version: Option<i64>,
}

impl<I> Named<I> {
    /// Refuses where the row has moved on from what was read.
    pub fn check(&self, version: i64) -> Result<()> {
        if self.version.is_none_or(|read| read == version) { Ok(()) } else { Err(Error::Conflict) }
    }
}

impl<I> From<I> for Named<I> {
    fn from(id: I) -> Named<I> {
        Named { id, version: None }
    }
}

impl<I> From<(I, i64)> for Named<I> {
    fn from((id, version): (I, i64)) -> Named<I> {
        Named { id, version: Some(version) }
    }
}

/// An account, by the name it signs in with or as any other row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// By its sign-in name.
    Name(&'a str),
    /// By its id.
    Id(Named<AccountId>),
}

impl<'a> From<&'a str> for Which<'a> {
    fn from(name: &'a str) -> Which<'a> {
        Which::Name(name)
    }
}

impl<'a> From<&'a String> for Which<'a> {
    fn from(name: &'a String) -> Which<'a> {
        Which::Name(name)
    }
}

impl From<AccountId> for Which<'_> {
    fn from(id: AccountId) -> Self {
        Which::Id(id.into())
    }
}

impl From<(AccountId, i64)> for Which<'_> {
    fn from(read: (AccountId, i64)) -> Self {
        Which::Id(read.into())
    }
}

/// What a change of a row comes to: the row as it is to be, or what is wrong with the change.
pub trait Changed<R> {
    /// The row, unless something is wrong.
    fn row(self) -> Result<R>;
}

impl<R> Changed<R> for R {
    fn row(self) -> Result<R> {
        Ok(self)
    }
}

impl<R> Changed<R> for Result<R> {
    fn row(self) -> Result<R> {
        self
    }
}
