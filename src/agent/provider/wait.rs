//! Waiting: for a cancellation, and for asynchronous work from code that is not.

use std::future::Future;
use std::time::Duration;

use super::error::ProviderError;
use crate::host::cancel::CancelToken;

/// How often cancellation is looked at.
const POLL: Duration = Duration::from_millis(25);

/// Returns once the token is cancelled.
pub(super) async fn cancelled(token: &CancelToken) {
    while !token.cancelled() {
        tokio::time::sleep(POLL).await;
    }
}

/// Does asynchronous work to its end, on a runtime of its own. Not to be called from asynchronous code.
///
/// # Errors
/// `Setting` when the system gives no runtime.
pub fn block_on<T>(work: impl Future<Output = T>) -> Result<T, ProviderError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| ProviderError::Setting {
            what: "the runtime for calls".to_owned(),
            why: error.to_string(),
        })?;
    Ok(runtime.block_on(work))
}
