//! The key with which a sender marks a request, so that a repetition is known as one.

use super::mistake::Mistakes;
use crate::limits;

/// What is wrong with a key.
pub fn check(key: &str) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let fits = (1..=limits::REQUEST_KEY_LENGTH).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_graphic());
    mistakes.require(
        fits,
        "idempotency_key",
        String::new,
        "请求标识为 1 至 128 个可见的 ASCII 字符",
        "1 to 128 visible ASCII characters",
    );
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_limits() {
        assert!(check("8f2c1c5e-0b0b-4c0e-9a3e-1f6a5d0c7b11").is_empty());
        assert!(check(&"k".repeat(128)).is_empty());
        for key in ["", &"k".repeat(129), "a b", "标识", "a\n"] {
            assert_eq!(check(key).len(), 1, "{key}");
        }
    }
}
