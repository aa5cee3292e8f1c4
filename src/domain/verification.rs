//! What checking a ledger against its log came to: the first fault of every log, where it is and
//! in which words it is told, and the verdict an outsider relies on (reliability.md §4.5).

use entity::{
    area::County,
    language::{Label, Sentence},
};

use super::trail::merkle::Hash;

/// What a check came to; the number is the exit code of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Everything agrees.
    Sound = 0,
    /// An entry or a row is not what was recorded.
    Mismatch = 1,
    /// A checkpoint is not signed by the ledger's key.
    BadSignature = 2,
    /// Two signed checkpoints contradict each other.
    Fork = 3,
    /// What was given to check is not whole or not of this ledger.
    Incomplete = 4,
}

impl Verdict {
    /// Which verdict is told when several apply: the harder evidence first.
    const ORDER: [Verdict; 4] =
        [Verdict::Fork, Verdict::BadSignature, Verdict::Mismatch, Verdict::Incomplete];

    /// The exit code.
    pub const fn exit_code(self) -> u8 {
        self as u8
    }

    /// The verdict in words.
    pub const fn label(self) -> Label {
        match self {
            Verdict::Sound => Label::new("核验通过", "verified"),
            Verdict::Mismatch => Label::new("与留痕不符", "does not agree with the log"),
            Verdict::BadSignature => Label::new("签名无效", "bad signature"),
            Verdict::Fork => Label::new("留痕已分叉", "the log forked"),
            Verdict::Incomplete => Label::new("核验材料不全", "incomplete input"),
        }
    }

    /// The verdict as a code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Verdict::Sound => "sound",
            Verdict::Mismatch => "mismatch",
            Verdict::BadSignature => "bad_signature",
            Verdict::Fork => "fork",
            Verdict::Incomplete => "incomplete",
        }
    }
}

macro_rules! kinds {
    ($($kind:ident $code:literal $verdict:ident $zh:literal $en:literal;)+) => {
        /// What is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind {
            $(#[doc = $en] $kind,)+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind),+];

            /// The code for programs.
            pub const fn code(self) -> &'static str {
                match self { $(Kind::$kind => $code),+ }
            }

            /// The words for people.
            pub const fn label(self) -> Label {
                match self { $(Kind::$kind => Label::new($zh, $en)),+ }
            }

            /// What it means for the whole.
            pub const fn verdict(self) -> Verdict {
                match self { $(Kind::$kind => Verdict::$verdict),+ }
            }
        }
    };
}

kinds! {
    EntryMissing "entry.missing" Mismatch "缺少这一条留痕" "the entry is missing";
    EntryUnreadable "entry.unreadable" Mismatch "留痕内容无法读取" "the entry cannot be read";
    EntryDigest "entry.digest" Mismatch "留痕内容与其摘要不符" "the entry does not hash to its leaf";
    EntryForm "entry.form" Mismatch "留痕内容不是规定的格式" "the entry is not of the recorded form";
    EntryColumn "entry.column" Mismatch "检索列与留痕内容不符" "a search column disagrees with the entry";
    ChangeMissing "change.missing" Mismatch "变更索引缺少一行" "the index of changes lacks a row";
    ChangeExtra "change.extra" Mismatch "变更索引多出一行" "the index of changes has a row too many";
    Head "head" Mismatch "留痕末端状态与重算结果不符" "the recorded end of the log differs from the recomputed one";
    CheckpointColumn "checkpoint.column" Mismatch "检查点所在行与其内容不符" "the row of a checkpoint disagrees with its text";
    CheckpointRoot "checkpoint.root" Mismatch "重算的根摘要与已签名检查点不符" "the recomputed root differs from a signed checkpoint";
    CheckpointBeyond "checkpoint.beyond" Mismatch "已签名检查点多于现有留痕，末尾被截去" "a signed checkpoint is larger than the log: its tail was cut off";
    CheckpointSignature "checkpoint.signature" BadSignature "检查点不是本台账密钥所签" "a checkpoint is not signed by the ledger's key";
    LedgerKey "ledger.key" BadSignature "台账登记的公钥与密钥文件不符" "the ledger's public key is not that of its key file";
    Fork "checkpoint.fork" Fork "两个有效签名的检查点互相矛盾" "two validly signed checkpoints contradict each other";
    NoteMalformed "note.malformed" Incomplete "提供的检查点无法读取" "a checkpoint that was given cannot be read";
    NoteForeign "note.foreign" Incomplete "提供的检查点不属于本台账" "a checkpoint that was given is of another ledger";
    LogAbsent "log.absent" Incomplete "没有这个县的留痕" "there is no log of this county";
    RowChanged "row.changed" Mismatch "数据行与留痕不符，未经登记而改动" "a row differs from what was recorded: it was changed past the log";
    RowMissing "row.missing" Mismatch "留痕中有、表中没有的数据行" "a recorded row is missing";
    RowUnrecorded "row.unrecorded" Mismatch "没有任何留痕的数据行" "a row that no entry made";
    RowUnreadable "row.unreadable" Mismatch "数据行无法读取" "a row cannot be read";
    RowHistory "row.history" Mismatch "留痕所记变更前内容与此前留痕不符" "what an entry changed is not what earlier entries left";
    RowMoved "row.moved" Mismatch "跨县移动在两县留痕中记载不一" "a move between counties differs in the two logs";
    Edition "edition" Mismatch "批量区划与留痕摘要不符" "areas brought in in bulk do not hash to their entry";
    Finding "finding.changed" Mismatch "问题记录与规则核查结果不符" "a finding is not what the rules find";
    FindingMissing "finding.missing" Mismatch "缺少应有的问题记录" "a finding that the rules make is missing";
    FindingUnfounded "finding.unfounded" Mismatch "没有依据的问题记录" "a finding that no rule makes";
    Haves "haves.row" Mismatch "五有与规则核查结果不符" "which of the five haves an asset has is not what the rule finds";
    DueDay "due.day" Mismatch "应巡查日期与规则核查结果不符" "the day by which an asset is to be inspected is not what the rules find";
    Tally "tally" Mismatch "汇总数与重算结果不符" "a kept sum differs from a recount";
    StockTake "stock_take" Mismatch "盘点数或签认结果与盘点行不符" "the numbers or the signed result of a stock-take are not those of its lines";
    Dues "contract.dues" Mismatch "合同应收与合同条款不符" "what a contract asks to be paid is not what its terms say";
    VaultMissing "vault.missing" Mismatch "缺少封存的联系方式" "a sealed contact is missing";
    FileMissing "file.missing" Mismatch "缺少附件的内容" "the content of an attached file is missing";
    FileBroken "file.broken" Mismatch "附件的内容无法打开或与其摘要不符" "the content of an attached file does not open or is not what its digest says";
    VaultBroken "vault.broken" Mismatch "封存的联系方式无法打开或被替换" "a sealed contact does not open or was replaced";
}

/// A table, as programs and people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noun {
    /// Its name in the database and in the log.
    pub table: &'static str,
    /// What people call it.
    pub label: Label,
}

/// Where a fault is, as far as it can be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The county whose log it is.
    pub county: Option<County>,
    /// The entry, counted from 0.
    pub seq: Option<u64>,
    /// The table of the row.
    pub noun: Option<Noun>,
    /// The row.
    pub id: Option<i64>,
    /// The field, the rule or the key within it.
    pub part: Option<String>,
}

impl Place {
    /// A place in a county's log.
    pub fn entry(county: County, seq: u64) -> Place {
        Place { county: Some(county), seq: Some(seq), ..Place::default() }
    }

    /// A row of a county.
    pub fn row(county: County, noun: Noun, id: i64) -> Place {
        Place { county: Some(county), noun: Some(noun), id: Some(id), ..Place::default() }
    }

    /// The same place, and the entry that speaks of it.
    #[must_use]
    pub fn in_entry(self, seq: u64) -> Place {
        Place { seq: Some(seq), ..self }
    }

    /// The same place, a field or key of it.
    #[must_use]
    pub fn part(self, part: impl Into<String>) -> Place {
        Place { part: Some(part.into()), ..self }
    }

    /// The place in both languages.
    pub fn sentence(&self) -> Sentence {
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        if let Some(county) = self.county {
            zh.push(format!("县 {county}"));
            en.push(format!("county {county}"));
        }
        if let Some(seq) = self.seq {
            zh.push(format!("第 {seq} 条"));
            en.push(format!("entry {seq}"));
        }
        if let Some(noun) = self.noun {
            let id = self.id.map(|id| format!(" {id}")).unwrap_or_default();
            zh.push(format!("{}{id}", noun.label.zh));
            en.push(format!("{}{id}", noun.label.en));
        }
        if let Some(part) = &self.part {
            zh.push(part.clone());
            en.push(part.clone());
        }
        Sentence { zh: zh.join("，"), en: en.join(", ") }
    }
}

/// One fault: what is wrong, where, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: Kind,
    /// Where.
    pub place: Place,
    /// What should be there; never personal data.
    pub expected: Option<Sentence>,
    /// What is there; never personal data.
    pub found: Option<Sentence>,
    /// The signed notes that prove it.
    pub notes: Vec<String>,
}

/// A text that is the same in both languages.
fn same(text: impl std::fmt::Display) -> Sentence {
    let text = text.to_string();
    Sentence { zh: text.clone(), en: text }
}

impl Fault {
    /// A fault at a place.
    pub fn new(kind: Kind, place: Place) -> Fault {
        Fault { kind, place, expected: None, found: None, notes: Vec::new() }
    }

    /// The same fault with what should be there.
    #[must_use]
    pub fn expected(self, expected: impl std::fmt::Display) -> Fault {
        Fault { expected: Some(same(expected)), ..self }
    }

    /// The same fault with what is there.
    #[must_use]
    pub fn found(self, found: impl std::fmt::Display) -> Fault {
        Fault { found: Some(same(found)), ..self }
    }

    /// The same fault with what is there, in both languages.
    #[must_use]
    pub fn because(self, found: Sentence) -> Fault {
        Fault { found: Some(found), ..self }
    }

    /// The same fault with the notes that prove it.
    #[must_use]
    pub fn notes(self, notes: Vec<String>) -> Fault {
        Fault { notes, ..self }
    }

    /// The fault in both languages.
    pub fn sentence(&self) -> Sentence {
        let (label, place) = (self.kind.label(), self.place.sentence());
        let mut sentence = if place.zh.is_empty() {
            Sentence::from(label)
        } else {
            Sentence::new(
                format!("{}：{}", place.zh, label.zh),
                format!("{}: {}", place.en, label.en),
            )
        };
        let told =
            [("；应为 ", "; expected ", &self.expected), ("；实为 ", "; found ", &self.found)];
        for (zh, en, text) in told {
            let Some(text) = text else { continue };
            sentence.zh.extend([zh, &text.zh]);
            sentence.en.extend([en, &text.en]);
        }
        sentence
    }
}

/// What checking one county's log, and its rows, came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogReport {
    /// The county.
    pub county: County,
    /// Entries that were checked.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// Signed checkpoints that agree with it.
    pub n_checkpoints: u64,
    /// The first fault.
    pub fault: Option<Fault>,
}

/// What comparing the rows came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowsReport {
    /// Rows compared with the log.
    pub rows: u64,
    /// Assets whose findings were evaluated again.
    pub assets: u64,
    /// Assets whose findings time has changed since they were last evaluated: the nightly round
    /// brings them up to date.
    pub stale: u64,
}

/// What checking a ledger came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Every log that was checked, by county.
    pub logs: Vec<LogReport>,
    /// Faults that belong to no log.
    pub faults: Vec<Fault>,
    /// The rows, where they were compared.
    pub rows: Option<RowsReport>,
}

impl Verification {
    /// Every fault: those of the whole ledger, then the first of each log.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.faults.iter().chain(self.logs.iter().filter_map(|log| log.fault.as_ref()))
    }

    /// The verdict: the hardest evidence there is.
    pub fn verdict(&self) -> Verdict {
        let has = |verdict| self.faults().any(|fault| fault.kind.verdict() == verdict);
        Verdict::ORDER.into_iter().find(|verdict| has(*verdict)).unwrap_or(Verdict::Sound)
    }

    /// The first fault that the verdict rests on.
    pub fn first(&self) -> Option<&Fault> {
        let verdict = self.verdict();
        self.faults().find(|fault| fault.kind.verdict() == verdict)
    }

    /// Entries checked in all logs.
    pub fn entries(&self) -> u64 {
        self.logs.iter().map(|log| log.size).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_its_own_code_and_words() {
        let codes: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        let words: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.label().zh).collect();
        assert_eq!((codes.len(), words.len()), (Kind::ALL.len(), Kind::ALL.len()));
        assert!(Kind::ALL.iter().all(|kind| kind.verdict() != Verdict::Sound));
    }

    #[test]
    fn a_fault_tells_place_expectation_and_finding() {
        let county = "520381".parse().expect("six digits");
        let noun = Noun { table: "asset", label: Label::new("资产", "asset") };
        let place = Place { seq: Some(7), ..Place::row(county, noun, 42) }.part("class");
        let fault = Fault::new(Kind::RowChanged, place).expected("public").found("operating");
        assert_eq!(
            fault.sentence().en,
            "county 520381, entry 7, asset 42, class: a row differs from what was recorded: it was \
             changed past the log; expected public; found operating"
        );
        assert!(fault.sentence().zh.starts_with("县 520381，第 7 条，资产 42，class：数据行"));
    }

    #[test]
    fn the_hardest_evidence_decides() {
        let of = |kinds: &[Kind]| {
            let faults = kinds.iter().map(|kind| Fault::new(*kind, Place::default())).collect();
            Verification { faults, ..Verification::default() }.verdict().exit_code()
        };
        assert_eq!(of(&[]), 0);
        assert_eq!(of(&[Kind::EntryDigest, Kind::NoteForeign]), 1);
        assert_eq!(of(&[Kind::EntryDigest, Kind::CheckpointSignature]), 2);
        assert_eq!(of(&[Kind::CheckpointSignature, Kind::Fork, Kind::Tally]), 3);
        assert_eq!(of(&[Kind::LogAbsent]), 4);
    }
}
