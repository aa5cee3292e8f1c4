//! `coded_enum!`: values stored as a code and shown under an official name in both languages.

/// Declares an enumeration stored as a short code and shown as a [`Label`](crate::language::Label).
/// One line a value: code, Chinese name, English name.
#[macro_export]
macro_rules! coded_enum {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $code:literal $zh:literal $en:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
                 sea_orm::EnumIter, sea_orm::DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
        pub enum $name {
            $($(#[$vmeta])* #[doc = $en] #[sea_orm(string_value = $code)] #[serde(rename = $code)]
              $variant,)+
        }

        impl $name {
            /// Every value, in the order of the official list.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The code it is stored and exchanged under.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            /// The official name in both languages.
            pub const fn label(self) -> $crate::language::Label {
                match self { $($name::$variant => $crate::language::Label::new($zh, $en)),+ }
            }

            /// Code and name of every value, for choice lists.
            pub const CHOICES: &'static [(&'static str, $crate::language::Label)] =
                &[$(($code, $crate::language::Label::new($zh, $en))),+];
        }

        impl std::str::FromStr for $name {
            type Err = ();

            /// Accepts the code or either name, so that a sheet may carry any of them.
            fn from_str(text: &str) -> Result<Self, ()> {
                let text = text.trim();
                Self::ALL.iter().copied()
                    .find(|value| text.eq_ignore_ascii_case(value.code())
                        || text == value.label().zh
                        || text.eq_ignore_ascii_case(value.label().en))
                    .ok_or(())
            }
        }
    };
}
