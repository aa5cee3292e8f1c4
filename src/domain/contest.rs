//! One field, two values: somebody typed into it while somebody else recorded another.

/// Whose value is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// What was recorded meanwhile.
    Theirs,
    /// What was typed.
    Mine,
}

/// Whose value is offered first where a field was recorded anew; none where there is nothing to
/// choose between. `was` is what stood there when typing began, where that is still known: whoever
/// left it alone takes the other's value, whoever set it anew meant to.
pub fn offered(was: Option<&str>, theirs: &str, mine: &str) -> Option<Taken> {
    if theirs == mine || was == Some(theirs) {
        return None;
    }
    let is_set_anew = was.is_some_and(|was| was != mine);
    Some(if is_set_anew { Taken::Mine } else { Taken::Theirs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_contested_where_the_other_changed_it() {
        for (was, theirs, mine, expected) in [
            (Some("a"), "a", "a", None),
            // what I alone changed is mine, what both changed alike is both's
            (Some("a"), "a", "b", None),
            (Some("a"), "b", "b", None),
            (None, "b", "b", None),
            // what the other alone changed is the other's
            (Some("a"), "b", "a", Some(Taken::Theirs)),
            (Some("a"), "", "a", Some(Taken::Theirs)),
            // what both changed is chosen, mine first
            (Some("a"), "b", "c", Some(Taken::Mine)),
            (Some(""), "b", "c", Some(Taken::Mine)),
            (Some("a"), "b", "", Some(Taken::Mine)),
            // where nobody knows what was there, nothing is written over unasked
            (None, "b", "c", Some(Taken::Theirs)),
        ] {
            assert_eq!(offered(was, theirs, mine), expected, "{was:?} {theirs} {mine}");
        }
    }
}
