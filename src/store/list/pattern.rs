//! Texts that contain or begin with others, as the database looks for them.

use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};

use super::Listed;

/// Rows that contain a text in any of the columns that are searched, small letters or large.
pub(super) fn in_columns<E: Listed>(text: &str) -> Condition {
    E::SEARCHED.iter().fold(Condition::any(), |any, column| {
        let column = Expr::col((E::default(), *column));
        any.add(Expr::expr(Func::lower(column)).like(containing(&text.to_lowercase())))
    })
}

/// A pattern of texts that contain another.
pub(super) fn containing(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", escaped(text))).escape('\\')
}

/// A pattern of texts that begin with another.
pub(super) fn beginning(text: &str) -> LikeExpr {
    LikeExpr::new(format!("{}%", escaped(text))).escape('\\')
}

/// A text in which no character stands for others.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_of_a_search_stands_for_others() {
        assert_eq!(escaped(r"50%_a\b"), r"50\%\_a\\b");
    }
}
