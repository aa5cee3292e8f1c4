//! Passwords that everybody tries first: those on the lists of `zxcvbn`, and those of which little
//! is left when words of the trade, the account's name and runs of characters are taken out.

use zxcvbn::{Score, zxcvbn};

/// What everybody tries, and what lies near in this trade: letters as they are after
/// [`plain`], the longer before the shorter.
const WORDS: &[&str] = &[
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedc",
    "1qaz2wsx",
    "iqaz2wsx",
    "password",
    "passwort",
    "passwd",
    "passw",
    "administrator",
    "admin",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "monkey",
    "dragon",
    "master",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "shadow",
    "michael",
    "superman",
    "computer",
    "internet",
    "trustnoi",
    "default",
    "changeme",
    "secret",
    "login",
    "guest",
    "qwerty",
    "qweasd",
    "qwe",
    "asdf",
    "zxcv",
    "abc",
    "test",
    "root",
    "user",
    "temp",
    "pass",
    "china",
    "zhongguo",
    "huawei",
    "lenovo",
    "tencent",
    "taizhang",
    "fupin",
    "bangfu",
    "zichan",
    "guanhu",
    "caizheng",
    "caizhengju",
    "nongye",
    "xiangcun",
    "zhenxing",
    "xiangzhen",
    "cunwei",
    "county",
    "village",
    "township",
    "ledger",
    "asset",
    "poverty",
    "alleviation",
    "finance",
    "audit",
    "mima",
    "denglu",
    "guanliyuan",
    "台账",
    "扶贫",
    "帮扶",
    "资产",
    "管护",
    "项目",
    "财政局",
    "财政",
    "农业农村",
    "乡村振兴",
    "乡村",
    "振兴",
    "脱贫",
    "攻坚",
    "管理员",
    "管理",
    "密码",
    "登录",
    "账号",
    "系统",
    "县",
    "乡",
    "镇",
    "村",
    "我爱你",
    "中国",
];
/// Characters that must be left.
const REST: usize = 4;
/// Characters of a run that are taken out together.
const RUN: usize = 3;

/// Whether a password is one that others would try.
pub(super) fn is_common(password: &str, account: &str) -> bool {
    is_listed(password, account) || is_put_together(password, account)
}

/// Whether the lists of common passwords, names and words find it in fewer than a hundred million
/// guesses. They know no Chinese: each character of it would count as a digit does.
fn is_listed(password: &str, account: &str) -> bool {
    password.is_ascii() && zxcvbn(password, &[account]).score() < Score::Three
}

/// Whether little is left without the words, the name and the runs.
fn is_put_together(password: &str, account: &str) -> bool {
    let plain = plain(password);
    let mut rest = without_runs(&plain);
    let mut names: Vec<String> = account.split('-').map(self::plain).collect();
    names.push(self::plain(account));
    names.retain(|name| name.chars().count() >= RUN);
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let listed = WORDS.iter().copied().chain(names.iter().map(String::as_str));
    let mut has_listed = false;
    for word in listed {
        if rest.contains(word) {
            rest = rest.replace(word, "");
            has_listed = true;
        }
    }
    // beside a word that everybody tries, figures and signs are what everybody appends
    let counts = |one: &char| !has_listed || one.is_alphabetic();
    let mut left: Vec<char> = without_runs(&rest).chars().filter(counts).collect();
    left.sort_unstable();
    left.dedup();
    left.len() < REST
}

/// Lower-case, with the signs that stand for letters turned back into them where they stand
/// among letters.
fn plain(text: &str) -> String {
    let characters: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let is_letter = |place: Option<&char>| place.is_some_and(|one| one.is_alphabetic());
    let turned = characters.iter().enumerate().map(|(place, one)| {
        let before = place.checked_sub(1).and_then(|before| characters.get(before));
        if is_letter(before) || is_letter(characters.get(place + 1)) { letter(*one) } else { *one }
    });
    turned.collect()
}

const fn letter(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// A text without its runs: one character again and again, or neighbours up or down.
fn without_runs(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut kept = String::new();
    let mut from = 0;
    while from < characters.len() {
        let length = run_at(&characters[from..]);
        if length < RUN {
            kept.push(characters[from]);
            from += 1;
        } else {
            from += length;
        }
    }
    kept
}

/// How long the run is that a text begins with.
fn run_at(characters: &[char]) -> usize {
    let [first, second, ..] = characters else { return characters.len() };
    let step = distance(*first, *second);
    if !(-1..=1).contains(&step) {
        return 1;
    }
    let pairs = characters.windows(2);
    1 + pairs.take_while(|pair| distance(pair[0], pair[1]) == step).count()
}

fn distance(from: char, to: char) -> i64 {
    i64::from(u32::from(to)) - i64::from(u32::from(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_is_common() {
        let common = [
            "password1234567",
            "P@ssw0rd20261124",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "qwertyuiop12345",
            "taizhang-2026-11",
            "扶贫资产台账2026",
            "Admin@123456789",
            "he-jing-he-jing",
            "hejing1234567890",
            "财政局管理员88888888",
            "abcabcabcabcabcabc",
            "!!!!!!!!!!!!!!!!",
            "liverpool1989",
            "mississippi",
            "sEpTember1987",
        ];
        for password in common {
            assert!(is_common(password, "he-jing"), "{password}");
        }
    }

    #[test]
    fn a_phrase_is_not() {
        let phrases = [
            "correct horse battery",
            "山高水长路远天阔",
            "my village horse drinks tea",
            "zx9-kp2-wv7-lm4",
            "台账旁边那头老黄牛不吃草",
        ];
        for password in phrases {
            assert!(!is_common(password, "he-jing"), "{password}");
        }
    }
}
