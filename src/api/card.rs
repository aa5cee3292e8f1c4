//! An asset's card over the API: its fields, and beside them titles, duties, money and findings.

use entity::{duty, funding, holding, language::Sentence, title, waiver};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::{
    asset::{AssetView, SourceView, fields_of},
    record,
};
use crate::{
    app::card::Card,
    domain::{
        duty::FIELDS as DUTY_FIELDS,
        funding::{FIELDS as SOURCE_FIELDS, Source},
        title::{FIELDS as TITLE_FIELDS, Party},
    },
    store::vault::Named,
};

/// An asset's card and everything recorded beside it.
#[derive(Serialize, ToSchema)]
pub struct CardView {
    /// The fields of the card.
    #[serde(flatten)]
    #[schema(value_type = AssetView)]
    fields: Map<String, Json>,
    /// The names of areas, from the top down to where it lies, with slashes between.
    place: String,
    /// The title; nothing where none was opened.
    title: Option<TitleView>,
    /// Duties, past and present.
    duties: Vec<DutyView>,
    /// Where the money came from.
    funding: Vec<MoneyView>,
    /// What the rules find on the day.
    findings: Vec<FindingView>,
    /// Waivers, past and present.
    waivers: Vec<WaiverView>,
}

/// Whoever bears a duty or holds a right.
#[derive(Serialize, ToSchema)]
pub struct PartyView {
    /// organization or person.
    kind: &'static str,
    /// The id.
    id: i64,
    /// The name; of a person, the surname and asterisks.
    name: String,
    /// The telephone, masked.
    phone: String,
}

/// A title and whoever holds rights in the asset.
#[derive(Serialize, ToSchema)]
pub struct TitleView {
    /// Its fields, by name.
    #[serde(flatten)]
    fields: Map<String, Json>,
    /// Its version.
    version: i64,
    /// Holders of rights, past and present.
    holders: Vec<HolderView>,
}

/// A holder of a right.
#[derive(Serialize, ToSchema)]
pub struct HolderView {
    /// The id of the row.
    id: i64,
    /// own, use, operate, income, dispose or supervise.
    right: &'static str,
    /// Who.
    party: Option<PartyView>,
    /// The share, such as 1/3.
    share: String,
    /// The first day.
    from_on: Option<chrono::NaiveDate>,
    /// The last day; nothing while it holds.
    until_on: Option<chrono::NaiveDate>,
}

/// A duty.
#[derive(Serialize, ToSchema)]
pub struct DutyView {
    /// The id of the row.
    id: i64,
    /// Its version.
    version: i64,
    /// Its fields, by name.
    #[serde(flatten)]
    fields: Map<String, Json>,
    /// Who bears it.
    party: Option<PartyView>,
    /// Whether it runs on the day.
    is_running: bool,
    /// Why it came to an end before its term.
    end_reason: Option<&'static str>,
}

/// One source of money.
#[derive(Serialize, ToSchema)]
pub struct MoneyView {
    /// The id of the row.
    id: i64,
    /// Its fields, by name.
    #[serde(flatten)]
    #[schema(value_type = SourceView)]
    fields: Map<String, Json>,
    /// Whether a correction withdrew it; it counts for nothing.
    is_withdrawn: bool,
}

/// Words in both languages.
#[derive(Serialize, ToSchema)]
pub struct WordsView {
    /// In Chinese.
    zh: String,
    /// In English.
    en: String,
}

impl From<Sentence> for WordsView {
    fn from(words: Sentence) -> WordsView {
        WordsView { zh: words.zh, en: words.en }
    }
}

/// A finding.
#[derive(Serialize, ToSchema)]
pub struct FindingView {
    /// The code of the rule, such as G01.
    rule: &'static str,
    /// What the rule is called.
    name: WordsView,
    /// Since when.
    since: chrono::NaiveDate,
    /// Whether a waiver stands.
    is_waived: bool,
    /// Why.
    reason: WordsView,
}

/// A waiver.
#[derive(Serialize, ToSchema)]
pub struct WaiverView {
    /// The id of the row.
    id: i64,
    /// The code of the rule.
    rule: &'static str,
    /// Why.
    reason: String,
    /// The first day.
    from_on: chrono::NaiveDate,
    /// The last day.
    until_on: chrono::NaiveDate,
}

impl From<Card> for CardView {
    fn from(card: Card) -> CardView {
        let dossier = &card.dossier;
        let findings = card.findings.iter().map(|(standing, reason)| FindingView {
            rule: standing.rule.code(),
            name: Sentence::from(standing.rule.label()).into(),
            since: standing.since,
            is_waived: standing.is_waived,
            reason: reason.clone().into(),
        });
        CardView {
            fields: fields_of(&dossier.asset),
            place: card.place.clone(),
            title: dossier.title.as_ref().map(|title| title_view(&card, title)),
            duties: dossier.duties.iter().map(|duty| duty_view(&card, duty)).collect(),
            funding: dossier.funding.iter().map(money_view).collect(),
            findings: findings.collect(),
            waivers: dossier.waivers.iter().map(waiver_view).collect(),
        }
    }
}

fn party_view((party, named): (Party, Named)) -> PartyView {
    let (kind, id) = match party {
        Party::Organization(id) => ("organization", id.0),
        Party::Person(id) => ("person", id.0),
    };
    PartyView { kind, id, name: named.name, phone: named.phone }
}

fn title_view(card: &Card, title: &title::Model) -> TitleView {
    let holders = card.dossier.holdings.iter().map(|holding| holder_view(card, holding));
    TitleView {
        fields: record::shown(TITLE_FIELDS, title),
        version: title.version,
        holders: holders.collect(),
    }
}

fn holder_view(card: &Card, holding: &holding::Model) -> HolderView {
    HolderView {
        id: holding.id.0,
        right: holding.right.code(),
        party: card.party(holding.organization_id, holding.person_id).map(party_view),
        share: format!("{}/{}", holding.numerator, holding.denominator),
        from_on: holding.from_on,
        until_on: holding.until_on,
    }
}

fn duty_view(card: &Card, duty: &duty::Model) -> DutyView {
    DutyView {
        id: duty.id.0,
        version: duty.version,
        fields: record::shown(DUTY_FIELDS, duty),
        party: card.party(duty.organization_id, duty.person_id).map(party_view),
        is_running: duty.runs_on(card.day),
        end_reason: duty.end_reason.map(duty::EndReason::code),
    }
}

fn money_view(row: &funding::Model) -> MoneyView {
    MoneyView {
        id: row.id.0,
        fields: record::shown(SOURCE_FIELDS, &Source::of(row)),
        is_withdrawn: row.is_withdrawn,
    }
}

fn waiver_view(waiver: &waiver::Model) -> WaiverView {
    WaiverView {
        id: waiver.id.0,
        rule: waiver.rule.code(),
        reason: waiver.reason.clone(),
        from_on: waiver.from_on,
        until_on: waiver.until_on,
    }
}
