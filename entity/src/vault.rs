//! Personal data, apart from every other row and sealed; destroying a row here erases it for good.

use sea_orm::entity::prelude::*;

use crate::{area::AreaCode, id::VaultId};

/// One sealed record. Subject rows and the log hold its id, never its content.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vault")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VaultId,
    pub area_code: AreaCode,
    /// Nonce and ciphertext (XChaCha20-Poly1305, key outside the database).
    pub sealed: Vec<u8>,
    /// Thirty-two random bytes that key the commitment; without them the commitment hides all.
    pub salt: Vec<u8>,
    /// HMAC-SHA256 of the content under `salt`, hexadecimal.
    pub commitment: String,
    /// HMAC of the content under the index key: finds an equal record, tells nothing else.
    pub blind_index: String,
    /// HMAC of the name alone under a key of its own: finds whoever bears exactly this name.
    pub name_index: String,
}

impl ActiveModelBehavior for ActiveModel {}
