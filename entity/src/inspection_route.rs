//! 巡查路线: which assets an inspector goes to, and in what order (domain.md §4).

use std::{convert::Infallible, fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AccountId, InspectionRouteId},
};

/// Codes of assets in the order in which somebody goes to them. As text, a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveValueType, Serialize, Deserialize)]
#[sea_orm(value_type = "String")]
#[serde(from = "String", into = "String")]
pub struct Stops(pub Vec<String>);

impl fmt::Display for Stops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl FromStr for Stops {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Stops, Infallible> {
        Ok(Stops(text.split_whitespace().map(str::to_owned).collect()))
    }
}

impl From<String> for Stops {
    fn from(text: String) -> Stops {
        Stops(text.split_whitespace().map(str::to_owned).collect())
    }
}

impl From<Stops> for String {
    fn from(stops: Stops) -> String {
        stops.to_string()
    }
}

/// One route.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "inspection_route")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InspectionRouteId,
    /// The smallest area that holds all of its stops.
    pub area_code: AreaCode,
    /// The account of the inspector who goes it.
    pub account_id: AccountId,
    pub name: String,
    pub stops: Stops,
    /// The day since which nobody goes it any more.
    pub ended_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_are_read_as_they_were_written() {
        let stops = Stops(vec!["A-2".to_owned(), "A-1".to_owned()]);
        assert_eq!(Stops::from(stops.to_string()), stops);
        assert_eq!(Stops::from(String::new()), Stops::default());
    }
}
