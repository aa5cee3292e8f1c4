//! Unified social credit codes (统一社会信用代码, GB 32100).

use entity::language::{Label, Sentence};

use super::reading::{Unreadable, compact, is_scientific};

/// The signs of a code in the order of their values; I, O, S, V and Z are left out.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Powers of three modulo 31, one for each place before the check character.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The kinds of body the standard lists, with its agricultural additions: the first character is
/// the registering department (1 机构编制, 5 民政, 9 工商, N 农业 …), the second the kind.
const KINDS: [(&str, Label); 36] = [
    ("11", Label::new("机关", "government organ")),
    ("12", Label::new("事业单位", "public institution")),
    (
        "13",
        Label::new("编办直接管理的群众团体", "mass organisation under the establishment office"),
    ),
    ("19", Label::new("机构编制其他", "other, establishment office")),
    ("21", Label::new("外国常驻新闻机构", "resident foreign news office")),
    ("29", Label::new("外交其他", "other, foreign affairs")),
    ("31", Label::new("律师执业机构", "law firm")),
    ("32", Label::new("公证处", "notary office")),
    ("33", Label::new("基层法律服务所", "grass-roots legal service office")),
    ("34", Label::new("司法鉴定机构", "forensic institution")),
    ("35", Label::new("仲裁委员会", "arbitration commission")),
    ("39", Label::new("司法行政其他", "other, justice")),
    ("41", Label::new("外国在华文化中心", "foreign cultural centre")),
    ("49", Label::new("文化其他", "other, culture")),
    ("51", Label::new("社会团体", "social organisation")),
    ("52", Label::new("民办非企业单位", "private non-enterprise unit")),
    ("53", Label::new("基金会", "foundation")),
    ("59", Label::new("民政其他", "other, civil affairs")),
    ("61", Label::new("外国旅游部门常驻代表机构", "office of a foreign tourism body")),
    ("62", Label::new("港澳台旅游部门常驻代表机构", "office of a regional tourism body")),
    ("69", Label::new("旅游其他", "other, tourism")),
    ("71", Label::new("宗教活动场所", "place of worship")),
    ("72", Label::new("宗教院校", "religious school")),
    ("79", Label::new("宗教其他", "other, religion")),
    ("81", Label::new("基层工会", "grass-roots trade union")),
    ("89", Label::new("工会其他", "other, trade unions")),
    ("91", Label::new("企业", "enterprise")),
    ("92", Label::new("个体工商户", "sole trader")),
    ("93", Label::new("农民专业合作社", "farmers' cooperative")),
    ("A1", Label::new("军队事业单位", "military institution")),
    ("A9", Label::new("军队其他", "other, military")),
    ("N1", Label::new("组级集体经济组织", "group-level economic collective")),
    ("N2", Label::new("村级集体经济组织", "village economic collective")),
    ("N3", Label::new("乡镇级集体经济组织", "township economic collective")),
    ("N9", Label::new("农业其他", "other, agriculture")),
    ("Y1", Label::new("其他机构", "other body")),
];

/// A code of the right shape: 18 signs of the alphabet, digits where the area stands. Whether it
/// is also a likely one, `warnings` says; codes with a wrong check character were really issued
/// in the first pilots, so a ledger has to accept them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

/// Something unlikely about a code: to be shown, not a reason to refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditCodeWarning {
    /// The last character is not the one computed from the others.
    CheckCharacter {
        /// The computed character.
        computed: char,
    },
    /// The first two characters name no kind of body the standard lists.
    UnknownKind,
}

impl CreditCode {
    /// Reads a code: full-width and lower-case signs and blanks are put right, the structure is
    /// required.
    pub fn read(text: &str) -> Result<CreditCode, Unreadable> {
        let code = compact(text).to_ascii_uppercase();
        let is_of_alphabet = code.bytes().all(|sign| value_of(sign).is_some());
        if code.len() != 18 || !is_of_alphabet {
            return Err(misshapen(&code));
        }
        if !code.as_bytes()[2..8].iter().all(u8::is_ascii_digit) {
            return Err(Unreadable::new(
                "统一社会信用代码第3至8位应为数字（登记机关行政区划码）",
                "expected digits in places 3 to 8 of the credit code (area of registration)",
            ));
        }
        Ok(CreditCode(code))
    }

    /// The code whose first seventeen signs are given: the check character is computed.
    pub fn of_body(body: &str) -> Result<CreditCode, Unreadable> {
        let length = body.chars().count();
        if length != 17 {
            return Err(Unreadable::new(
                format!("不含校验码应为17位，现为{length}位"),
                format!("expected 17 characters before the check character; there are {length}"),
            ));
        }
        let check = check_character(body.as_bytes());
        CreditCode::read(&format!("{body}{check}"))
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The six digits of the area whose authority registered the body.
    pub fn area(&self) -> &str {
        &self.0[2..8]
    }

    /// What kind of body it is, where the standard lists the kind.
    pub fn kind(&self) -> Option<Label> {
        KINDS.iter().find(|(prefix, _)| self.0.starts_with(prefix)).map(|(_, label)| *label)
    }

    /// What is unlikely about the code.
    pub fn warnings(&self) -> Vec<CreditCodeWarning> {
        let computed = check_character(self.0.as_bytes());
        let check =
            (!self.0.ends_with(computed)).then_some(CreditCodeWarning::CheckCharacter { computed });
        let kind = self.kind().is_none().then_some(CreditCodeWarning::UnknownKind);
        check.into_iter().chain(kind).collect()
    }
}

impl std::fmt::Display for CreditCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl CreditCodeWarning {
    /// The warning in words.
    pub fn sentence(self) -> Sentence {
        match self {
            CreditCodeWarning::CheckCharacter { computed } => Sentence::new(
                format!("校验码与计算结果（{computed}）不符，请与证照核对；早期确有此类代码"),
                format!(
                    "the check character is not the computed {computed}: compare it with the \
                     certificate; some early codes are like this"
                ),
            ),
            CreditCodeWarning::UnknownKind => Sentence::new(
                "前两位不在国家标准所列的机构类别中，请与证照核对",
                "the first two characters name no kind of body in the standard: compare them \
                 with the certificate",
            ),
        }
    }
}

fn value_of(sign: u8) -> Option<usize> {
    ALPHABET.iter().position(|letter| *letter == sign)
}

/// The check character of the first seventeen signs (GB/T 17710, MOD 31-3).
fn check_character(code: &[u8]) -> char {
    let sum: usize =
        code.iter().zip(WEIGHTS).map(|(sign, weight)| value_of(*sign).unwrap_or(0) * weight).sum();
    char::from(ALPHABET[(31 - sum % 31) % 31])
}

fn misshapen(code: &str) -> Unreadable {
    if is_scientific(code) {
        return Unreadable::new(
            "代码已被表格软件变成科学计数法，末尾数字已丢失；应把该列设为文本并重新填写18位代码",
            "the spreadsheet has turned the code into scientific notation and lost its last \
             digits: expected all 18 characters in a text column",
        );
    }
    let length = code.chars().count();
    if length != 18 {
        return Unreadable::new(
            format!("统一社会信用代码应为18位，现为{length}位"),
            format!("expected a credit code of 18 characters; there are {length}"),
        );
    }
    Unreadable::new(
        "统一社会信用代码应只含数字和大写字母，且不使用 I、O、S、V、Z",
        "expected a credit code of digits and capital letters other than I, O, S, V and Z",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> CreditCode {
        CreditCode::read(text).expect("a code")
    }

    const SOUND: [&str; 14] = [
        "91110000600037341L",
        "91110108551385082Q",
        "91350200MA2YJ1XR9G",
        "91310115MA1K3BTP2B",
        "121200004013590816",
        "91620100719023721L",
        "9 1 110000 600037341L",
        "91110000600037341l",
        "９１１１００００６０００３７３４１Ｌ",
        "N2520525MA7TE5T00K",
        "N1520525MA7TE5T00N",
        "N3520525MA7TE5T00G",
        "93520525MA7TE5T00X",
        "11520525MA7TE5T00C",
    ];

    #[test]
    fn sound_codes_raise_no_warning() {
        for text in SOUND {
            assert_eq!(code(text).warnings(), [], "{text}");
        }
        assert_eq!(code("９１１１００００６０００３７３４１Ｌ"), code("9 1 110000 600037341l"));
    }

    #[test]
    fn a_wrong_check_character_is_only_a_warning() {
        // the first three were issued to real companies
        let table = [
            ("91350100M0001TGQXM", '1'),
            ("91350211M0000XUF46", 'R'),
            ("91350203M0001FUE2P", 'J'),
            ("91110000600037341N", 'L'),
            ("911100006000373410", 'L'),
        ];
        for (text, computed) in table {
            let expected = [CreditCodeWarning::CheckCharacter { computed }];
            assert_eq!(code(text).warnings(), expected, "{text}");
        }
    }

    #[test]
    fn a_body_is_completed() {
        let whole = CreditCode::of_body("N2520525MA7TE5T00");
        assert_eq!(whole, Ok(code("N2520525MA7TE5T00K")));
        assert!(CreditCode::of_body("N2520525MA7TE5T0").is_err());
        assert!(CreditCode::of_body("N2520525MA7TE5T00K").is_err());
    }

    #[test]
    fn an_unlisted_kind_is_only_a_warning() {
        assert_eq!(code("54520525MA7TE5T00Y").warnings(), [CreditCodeWarning::UnknownKind]);
        assert_eq!(code("B1520525MA7TE5T000").kind(), None);
    }

    #[test]
    fn a_wrong_structure_is_refused() {
        let table = [
            ("", "现为0位"),
            ("12345", "现为5位"),
            ("91110000600037341", "现为17位"),
            ("91110000600037341LL", "现为19位"),
            ("9111000060003IOZSV", "I、O、S、V、Z"),
            ("9111000060003734１I", "I、O、S、V、Z"),
            ("91110000600037341-", "I、O、S、V、Z"),
            ("统一社会信用代码应为十八位统一社会", "现为17位"),
            ("N252052AMA7TE5T00K", "第3至8位"),
            ("1.21200004E+17", "科学计数法"),
        ];
        for (text, words) in table {
            let expected = CreditCode::read(text).expect_err(text).expected;
            assert!(expected.zh.contains(words), "{text}: {}", expected.zh);
        }
    }

    #[test]
    fn what_a_code_says() {
        let village = code("N2520525MA7TE5T00K");
        assert_eq!(village.area(), "520525");
        assert_eq!(village.kind().map(|kind| kind.zh), Some("村级集体经济组织"));
        assert_eq!(village.to_string(), village.as_str());
    }

    #[test]
    fn any_single_mistake_shows() {
        for text in SOUND.into_iter().map(code) {
            for place in 8..18 {
                for letter in ALPHABET.iter().map(|letter| char::from(*letter)) {
                    let mut changed: Vec<char> = text.as_str().chars().collect();
                    changed[place] = letter;
                    let changed = code(&changed.into_iter().collect::<String>());
                    assert_eq!(changed.warnings().is_empty(), changed == text, "{changed}");
                }
            }
        }
    }
}
