//! Sealing and opening personal data (reliability.md §4.4). Rows hold the id of a sealed record;
//! they are shown masked unless they are revealed.

use std::collections::HashMap;

use anyhow::anyhow;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use entity::{
    area::AreaCode,
    id::{OrganizationId, PersonId, VaultId},
    organization, person, vault,
};
use hmac::{Hmac, Mac};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use sha2::Sha256;

use super::{Read, Write, connect, key::Keys, scope};
use crate::{
    domain::{
        masking::{Contact, mask_name, mask_phone},
        permission::{Action, calls_offices, permits},
        title::Party,
    },
    error::{Error, Result},
    limits,
};

/// Bytes of the nonce that stands before the ciphertext.
const NONCE: usize = 24;

/// A name and a telephone as the bytes that are sealed: neither can hold a line break.
fn plain(contact: &Contact) -> String {
    format!("{}\n{}", contact.name, contact.phone)
}

pub(super) fn keyed(key: &[u8], bytes: &[u8]) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| anyhow!("a key of no length"))?;
    mac.update(bytes);
    Ok(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

pub(super) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no randomness: {error}"))?;
    Ok(bytes)
}

fn broken() -> Error {
    Error::Internal(anyhow!("a sealed record does not open with this key"))
}

impl Keys {
    /// Seals bytes; they open only for the same purpose.
    pub(super) fn seal_bytes(&self, plain: &[u8], purpose: &[u8]) -> Result<Vec<u8>> {
        let nonce = random::<NONCE>()?;
        let cipher = XChaCha20Poly1305::new((&self.vault).into());
        let payload = Payload { msg: plain, aad: purpose };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload);
        let ciphertext = sealed.map_err(|_| anyhow!("sealing failed"))?;
        Ok([nonce.as_slice(), &ciphertext].concat())
    }

    /// Opens sealed bytes.
    pub(super) fn open_bytes(&self, sealed: &[u8], purpose: &[u8]) -> Result<Vec<u8>> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE).ok_or_else(broken)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| broken())?;
        let cipher = XChaCha20Poly1305::new((&self.vault).into());
        let payload = Payload { msg: ciphertext, aad: purpose };
        cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| broken())
    }

    fn seal(&self, id: VaultId, area_code: AreaCode, contact: &Contact) -> Result<vault::Model> {
        let plain = plain(contact);
        let salt = random::<32>()?;
        Ok(vault::Model {
            id,
            area_code,
            sealed: self.seal_bytes(plain.as_bytes(), &[])?,
            commitment: keyed(&salt, plain.as_bytes())?,
            salt: salt.to_vec(),
            blind_index: keyed(&self.index, plain.as_bytes())?,
            name_index: self.name_index(&contact.name)?,
        })
    }

    /// The sum of a name alone, under a key of its own.
    pub(super) fn name_index(&self, name: &str) -> Result<String> {
        keyed(&self.derived("name"), name.trim().as_bytes())
    }

    pub(super) fn open(&self, record: &vault::Model) -> Result<Contact> {
        let plain = self.open_bytes(&record.sealed, &[])?;
        let plain = String::from_utf8(plain).map_err(|_| broken())?;
        let (name, phone) = plain.split_once('\n').ok_or_else(broken)?;
        Ok(Contact { name: name.to_owned(), phone: phone.to_owned() })
    }

    /// Whether a record opens and is what its commitment and its index say.
    pub(super) fn is_whole(&self, record: &vault::Model) -> bool {
        let Ok(contact) = self.open(record) else { return false };
        let plain = plain(&contact);
        let is = |key: &[u8], sum: &str| keyed(key, plain.as_bytes()).is_ok_and(|one| one == sum);
        is(&record.salt, &record.commitment)
            && is(&self.index, &record.blind_index)
            && self.name_index(&contact.name).is_ok_and(|sum| sum == record.name_index)
    }
}

/// Gives the records of before there were sums of names theirs. One that does not open with these
/// keys keeps none; a check names it.
pub(super) async fn index_names(connection: &impl ConnectionTrait, keys: &Keys) -> Result<()> {
    let mut after = i64::MIN;
    loop {
        let bare = vault::Entity::find()
            .filter(vault::Column::NameIndex.eq(""))
            .filter(vault::Column::Id.gt(after))
            .order_by_asc(vault::Column::Id)
            .limit(limits::READ_BATCH)
            .all(connection)
            .await?;
        let Some(last) = bare.last() else { return Ok(()) };
        after = last.id.0;
        for record in &bare {
            let Ok(contact) = keys.open(record) else { continue };
            let update = vault::Entity::update_many()
                .col_expr(vault::Column::NameIndex, Expr::value(keys.name_index(&contact.name)?))
                .filter(vault::Column::Id.eq(record.id));
            update.exec(connection).await?;
        }
    }
}

impl Write {
    /// Seals a contact. Its row is no subject: the row that refers to it is what the log keeps.
    pub async fn seal_contact(
        &mut self,
        area_code: AreaCode,
        contact: &Contact,
    ) -> Result<VaultId> {
        self.take_turn(area_code.county()).await?;
        let sql = if connect::is_postgres(&self.txn) {
            "SELECT nextval('vault_id_next')"
        } else {
            "SELECT coalesce(max(id), 0) + 1 FROM vault"
        };
        let id = VaultId(connect::scalar(&self.txn, sql).await?);
        let record = self.keys.seal(id, area_code, contact)?.into_active_model().reset_all();
        vault::Entity::insert(record).exec_without_returning(&self.txn).await?;
        Ok(id)
    }

    /// The person of a name and a telephone in an area, who has not left.
    pub async fn find_person(
        &self,
        area: AreaCode,
        contact: &Contact,
    ) -> Result<Option<person::Model>> {
        let (first, last) = area.range();
        let blind = keyed(&self.keys.index, plain(contact).as_bytes())?;
        let sealed: Vec<i64> = vault::Entity::find()
            .select_only()
            .column(vault::Column::Id)
            .filter(vault::Column::BlindIndex.eq(blind))
            .filter(vault::Column::AreaCode.between(first, last))
            .into_tuple()
            .all(&self.txn)
            .await?;
        Ok(self
            .find::<person::Entity>()
            .filter(person::Column::VaultId.is_in(sealed))
            .filter(person::Column::EndedOn.is_null())
            .one(&self.txn)
            .await?)
    }

    /// The contact behind a vault id, for an action that compares or reveals it.
    pub async fn contact(&self, id: VaultId) -> Result<Contact> {
        let record = vault::Entity::find_by_id(id).one(&self.txn).await?;
        self.keys.open(&record.ok_or_else(|| anyhow!("a sealed record is missing"))?)
    }
}

/// Who somebody is and how to reach them, as the reader may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The name of the organization, or of the person.
    pub name: String,
    /// The telephone; empty when none is recorded.
    pub phone: String,
    /// Who it is; nobody in the ledger where an office is called by its area alone.
    pub party: Option<Party>,
}

impl Read<'_> {
    /// Names and telephones of parties: those of people masked unless they are being revealed, those
    /// of organizations as the reader may see them.
    pub async fn parties(&self, parties: &[Party]) -> Result<HashMap<Party, Named>> {
        let mut organizations = Vec::new();
        let mut persons = Vec::new();
        for party in parties {
            match party {
                Party::Organization(id) => organizations.push(*id),
                Party::Person(id) => persons.push(*id),
            }
        }
        let mut named = self.organizations(organizations).await?;
        named.extend(self.persons(persons).await?);
        Ok(named)
    }

    /// Names and telephones of parties, those of people masked whoever reads.
    pub async fn parties_masked(&self, parties: &[Party]) -> Result<HashMap<Party, Named>> {
        let mut named = self.parties(parties).await?;
        for (party, named) in &mut named {
            if matches!(party, Party::Person(_)) {
                named.phone = mask_phone(&named.phone);
                named.name = mask_name(&named.name);
            }
        }
        Ok(named)
    }

    /// People within the reader's area who bear exactly a name; nobody for a role that may not
    /// reveal people.
    pub async fn people_named(&self, name: &str) -> Result<Vec<PersonId>> {
        if !permits(self.actor().role(), Action::RevealPerson) {
            return Ok(Vec::new());
        }
        let (first, last) = scope::range(self.actor().area(), "scope of people looked for");
        let sealed = vault::Entity::find()
            .select_only()
            .column(vault::Column::Id)
            .filter(vault::Column::NameIndex.eq(self.keys.name_index(name)?))
            .filter(vault::Column::AreaCode.between(first, last))
            .limit(limits::READ_BATCH)
            .into_tuple::<i64>()
            .all(self.connection())
            .await?;
        let people = self.find::<person::Entity>().filter(person::Column::VaultId.is_in(sealed));
        let ids: Vec<i64> = people
            .select_only()
            .column(person::Column::Id)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(ids.into_iter().map(PersonId).collect())
    }

    async fn organizations(&self, ids: Vec<OrganizationId>) -> Result<HashMap<Party, Named>> {
        let rows = organization::Entity::find()
            .filter(organization::Column::Id.is_in(ids))
            .all(self.connection())
            .await?;
        let mut contacts = self.contacts_of(&rows).await?;
        let named = rows.into_iter().map(|row| {
            let party = Party::Organization(row.id);
            let contact = contacts.remove(&row.id).unwrap_or_default();
            (party, Named { name: row.name, phone: contact.phone, party: Some(party) })
        });
        Ok(named.collect())
    }

    /// How organizations are reached: the name of whoever answers is masked; the telephone is the
    /// office's, and whole for whoever may call the offices of the area.
    pub async fn contacts_of(
        &self,
        rows: &[organization::Model],
    ) -> Result<HashMap<OrganizationId, Contact>> {
        let opened = self.contacts_whole(rows.iter().filter_map(|row| row.contact_id)).await?;
        let contacts = rows.iter().filter_map(|row| {
            let whole = opened.get(&row.contact_id?)?.clone();
            Some((row.id, self.seen_of(row, whole)))
        });
        Ok(contacts.collect())
    }

    fn seen_of(&self, row: &organization::Model, whole: Contact) -> Contact {
        let is_called = calls_offices(self.actor().role())
            && row.kind != organization::Kind::Household
            && self.actor().area().covers(&row.area_code);
        let phone = whole.phone.clone();
        let seen = self.seen(whole);
        if is_called { Contact { phone, ..seen } } else { seen }
    }

    fn seen(&self, whole: Contact) -> Contact {
        if self.is_masked { whole.masked() } else { whole }
    }

    async fn persons(&self, ids: Vec<PersonId>) -> Result<HashMap<Party, Named>> {
        let rows = person::Entity::find()
            .filter(person::Column::Id.is_in(ids))
            .all(self.connection())
            .await?;
        let contacts = self.contacts(rows.iter().map(|row| row.vault_id)).await?;
        let named = rows.into_iter().map(|row| {
            let contact = contacts.get(&row.vault_id).cloned().unwrap_or_default();
            let party = Party::Person(row.id);
            (party, Named { name: contact.name, phone: contact.phone, party: Some(party) })
        });
        Ok(named.collect())
    }

    /// Names and telephones behind vault ids, masked unless they are being revealed.
    pub async fn contacts(
        &self,
        ids: impl Iterator<Item = VaultId>,
    ) -> Result<HashMap<VaultId, Contact>> {
        let opened = self.contacts_whole(ids).await?;
        Ok(opened.into_iter().map(|(id, whole)| (id, self.seen(whole))).collect())
    }

    async fn contacts_whole(
        &self,
        ids: impl Iterator<Item = VaultId>,
    ) -> Result<HashMap<VaultId, Contact>> {
        let records = vault::Entity::find()
            .filter(vault::Column::Id.is_in(ids.collect::<Vec<_>>()))
            .all(self.connection())
            .await?;
        records.iter().map(|record| Ok((record.id, self.keys.open(record)?))).collect()
    }
}
