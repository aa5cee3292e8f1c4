//! Welfare posts: those of a person, the assets of a post, the posts of an asset, and their months.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    asset, attendance,
    id::{AssetId, PersonId, WelfarePostId},
    post_asset,
    welfare_post::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{Read, Write};
use crate::{error::Result, limits};

impl Read<'_> {
    /// The posts of a person, the newest first. Only those within the reader's area are told.
    pub async fn posts_of_person(&self, id: PersonId) -> Result<Vec<Model>> {
        let query = self.find::<Entity>().filter(Column::PersonId.eq(id));
        let query = query.order_by_desc(Column::FromOn).limit(limits::PAGE_ROWS);
        Ok(query.all(self.connection()).await?)
    }

    /// The assets that belong to a post, or did. Only whoever may see the post is told.
    pub async fn assets_of_post(&self, id: WelfarePostId) -> Result<Vec<post_asset::Model>> {
        self.get::<Entity>(id).await?;
        let query = self.find::<post_asset::Entity>().filter(post_asset::Column::PostId.eq(id));
        Ok(query.order_by_asc(post_asset::Column::Id).all(self.connection()).await?)
    }

    /// The posts that look after an asset on a day. Only whoever may see the asset is told.
    pub async fn posts_of_asset(&self, id: AssetId, day: NaiveDate) -> Result<Vec<Model>> {
        self.get::<asset::Entity>(id).await?;
        let links = post_asset::Entity::find()
            .filter(post_asset::Column::AssetId.eq(id))
            .filter(runs(day))
            .all(self.connection())
            .await?;
        let ids: Vec<WelfarePostId> = links.iter().map(|link| link.post_id).collect();
        let posts = self.some::<Entity>(&ids).await?;
        Ok(posts.into_iter().filter(|post| post.runs_on(day)).collect())
    }

    /// How many assets some posts look after on a day: one query for all of them.
    pub async fn n_assets_of_posts(
        &self,
        ids: &[WelfarePostId],
        day: NaiveDate,
    ) -> Result<HashMap<WelfarePostId, i64>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let counted: Vec<(WelfarePostId, i64)> = self
            .find::<post_asset::Entity>()
            .select_only()
            .column(post_asset::Column::PostId)
            .column_as(post_asset::Column::Id.count(), "n")
            .filter(post_asset::Column::PostId.is_in(ids.iter().copied()))
            .filter(runs(day))
            .group_by(post_asset::Column::PostId)
            .into_tuple()
            .all(self.connection())
            .await?;
        Ok(counted.into_iter().collect())
    }

    /// The months of a post, the newest first. Only whoever may see the post is told.
    pub async fn months_of_post(&self, id: WelfarePostId) -> Result<Vec<attendance::Model>> {
        self.get::<Entity>(id).await?;
        let query = attendance::Entity::find().filter(attendance::Column::PostId.eq(id));
        let query = query.order_by_desc(attendance::Column::MonthOn).limit(limits::PAGE_ROWS);
        Ok(query.all(self.connection()).await?)
    }
}

/// Whether an asset belongs to a post on a day.
fn runs(day: NaiveDate) -> Expr {
    let until = post_asset::Column::UntilOn;
    post_asset::Column::FromOn.lte(day).and(until.is_null().or(until.gte(day)))
}

impl Write {
    /// The posts of a person, within the scope.
    pub async fn posts_of_person(&self, id: PersonId) -> Result<Vec<Model>> {
        let query = self.find::<Entity>().filter(Column::PersonId.eq(id));
        Ok(query.order_by_asc(Column::Id).all(&self.txn).await?)
    }

    /// The assets that belong to a post now.
    pub async fn assets_of_post(&self, id: WelfarePostId) -> Result<Vec<post_asset::Model>> {
        let query = self.find::<post_asset::Entity>().filter(post_asset::Column::PostId.eq(id));
        let query = query.filter(post_asset::Column::UntilOn.is_null());
        Ok(query.order_by_asc(post_asset::Column::Id).all(&self.txn).await?)
    }

    /// Every link of an asset to a post.
    pub async fn post_assets_of(&self, id: AssetId) -> Result<Vec<post_asset::Model>> {
        let query = self.find::<post_asset::Entity>().filter(post_asset::Column::AssetId.eq(id));
        Ok(query.order_by_asc(post_asset::Column::Id).all(&self.txn).await?)
    }

    /// What is recorded of a month of a post.
    pub async fn month_of_post(
        &self,
        id: WelfarePostId,
        month_on: NaiveDate,
    ) -> Result<Option<attendance::Model>> {
        let query = self.find::<attendance::Entity>().filter(attendance::Column::PostId.eq(id));
        let query = query.filter(attendance::Column::MonthOn.eq(month_on));
        Ok(query.one(&self.txn).await?)
    }
}
