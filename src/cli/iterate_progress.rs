//! Signs of life of the loop on a terminal: the round, who is at work, findings by severity, what was spent. Quiet elsewhere.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::iterate_text::{paid, plural};
use crate::pipeline::iterate::{Sign, Since};
use crate::report::plain;

/// One line at the foot of the terminal; what is finished scrolls up above it.
#[derive(Debug)]
pub struct Signs {
    bar: Option<ProgressBar>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    doing: String,
    since: Since,
}

impl Signs {
    /// Signs that are shown, or are not.
    #[must_use]
    pub fn new(shown: bool) -> Self {
        let bar = shown.then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>4}  {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self {
            bar,
            state: Mutex::default(),
        }
    }

    /// Shows one.
    pub fn show(&self, sign: &Sign) {
        let (Some(bar), Ok(mut state)) = (&self.bar, self.state.lock()) else {
            return;
        };
        let mut detail = String::new();
        match sign {
            Sign::Working {
                round,
                who,
                version,
            } => {
                state.doing = match version {
                    0 => format!("round {round} · {} at work", who.word()),
                    n => format!("round {round} · {} at work on version {n}", who.word()),
                };
                bar.reset_elapsed();
            }
            Sign::Answered {
                version,
                blocking,
                warning,
                info,
            } => bar.println(format!(
                "version {version}: {blocking} blocking, {}, {}",
                plural(*warning, "warning"),
                plural(*info, "info")
            )),
            Sign::Spent(since) => state.since = *since,
            Sign::Engine(progress) => {
                let states = progress
                    .states
                    .map_or_else(String::new, |n| format!(", {n} states"));
                let doing = plain::line(&progress.doing);
                detail = format!(" · {}: {doing}{states}", progress.engine);
            }
        }
        let spent = paid(&state.since.spend).map_or_else(String::new, |p| format!(" · {p}"));
        bar.set_message(format!("{}{spent}{detail}", state.doing));
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
