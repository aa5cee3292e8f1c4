//! Which assets a welfare post looks after, from when until when. An asset may have several posts, a
//! post several assets.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, PostAssetId, WelfarePostId},
};

/// One asset of one post.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "post_asset")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostAssetId,
    pub area_code: AreaCode,
    pub post_id: WelfarePostId,
    pub asset_id: AssetId,
    pub from_on: NaiveDate,
    /// The last day; empty as long as it belongs to the post.
    pub until_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
