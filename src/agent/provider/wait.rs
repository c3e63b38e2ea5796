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

/// Does asynchronous work to its end, on a runtime of its own; for code that is not asynchronous itself.
///
/// # Errors
/// `Setting` when the system gives no runtime, or when this is called from asynchronous code, which awaits instead.
pub fn block_on<T>(work: impl Future<Output = T>) -> Result<T, ProviderError> {
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(ProviderError::Setting {
            what: "the runtime for calls".to_owned(),
            why: "asynchronous code must await a call, not block on it".to_owned(),
        });
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| ProviderError::Setting {
            what: "the runtime for calls".to_owned(),
            why: error.to_string(),
        })?;
    Ok(runtime.block_on(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocking_inside_asynchronous_code_is_refused_and_no_panic() {
        let inner = block_on(async { block_on(async { 7 }) }).expect("a runtime");
        assert_eq!(inner.expect_err("refused").code(), "TRIB-PROVIDER-SETTING");
        assert_eq!(block_on(async { 7 }), Ok(7));
    }
}
