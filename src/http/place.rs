//! How many requests are carried out at once. A request takes a place when it comes, and has none
//! while its body is on the way: whoever sends slowly keeps nobody out (reliability.md P10).

use std::sync::{Arc, Mutex, PoisonError, atomic::Ordering};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{AppState, fault::Fault};
use crate::limits;

/// Takes one of the places for requests; answers at once when none is free.
pub async fn place(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if state.is_ending.load(Ordering::Relaxed) {
        return Fault::busy(limits::RETRY_AFTER).into_response();
    }
    let place = Place::of(&state.places);
    if let Err(full) = place.take() {
        return full.into_response();
    }
    request.extensions_mut().insert(place);
    next.run(request).await
}

/// One of the places for requests, or the right to take one again.
#[derive(Clone)]
pub(super) struct Place {
    places: Arc<Semaphore>,
    held: Arc<Mutex<Option<OwnedSemaphorePermit>>>,
}

impl Place {
    fn of(places: &Arc<Semaphore>) -> Place {
        Place { places: Arc::clone(places), held: Arc::default() }
    }

    fn hold(&self, permit: Option<OwnedSemaphorePermit>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = permit;
    }

    /// Takes a place.
    ///
    /// # Errors
    ///
    /// When none is free.
    pub(super) fn take(&self) -> Result<(), Fault> {
        let permit = Arc::clone(&self.places).try_acquire_owned();
        self.hold(Some(permit.map_err(|_| Fault::busy(limits::RETRY_AFTER))?));
        Ok(())
    }

    /// Lets somebody else have the place.
    pub(super) fn give_back(&self) {
        self.hold(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_one_of_so_many_and_may_be_given_back_and_taken_again() {
        let places = Arc::new(Semaphore::new(2));
        let (one, two, three) = (Place::of(&places), Place::of(&places), Place::of(&places));
        one.take().unwrap();
        two.take().unwrap();
        assert!(three.take().is_err());
        one.give_back();
        one.give_back();
        three.take().unwrap();
        assert!(one.take().is_err());
        drop((two, three));
        one.take().unwrap();
        assert_eq!(places.available_permits(), 1);
    }
}
