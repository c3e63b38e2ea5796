//! Finds the tools that engines run: Java, the TLC jar, Lean's `lake`, Node. Finding one says nothing of its version.

use std::ffi::OsString;
use std::fmt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::host::files;

/// A tool that is not part of Tribunal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// The Java virtual machine.
    Java,
    /// The jar that holds TLC.
    TlcJar,
    /// Lean's build tool.
    Lake,
    /// Node.
    Node,
}

/// A tool that is there, and the place that named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// An existing file, executable but for the jar.
    pub path: PathBuf,
    /// Which of the places looked at had it, as in "PATH".
    pub place: String,
}

/// A tool that is not there: every place that was looked at, in order, and what can be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{tool} not found; looked at {}; {}", looked.join(", "), tool.remedy())]
pub struct NotFound {
    /// The tool.
    pub tool: Tool,
    /// The places, each with why it did not do.
    pub looked: Vec<String>,
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Java => "java",
            Self::TlcJar => "tla2tools.jar",
            Self::Lake => "lake",
            Self::Node => "node",
        })
    }
}

impl Tool {
    /// Every tool.
    pub const ALL: [Self; 4] = [Self::Java, Self::TlcJar, Self::Lake, Self::Node];

    /// What a person can do to have it.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Java => "install a Java runtime (Debian: default-jre-headless) or set JAVA_HOME",
            Self::TlcJar => {
                "run ./tribunal once with mvn installed (Debian: maven), or set TLA2TOOLS_JAR to a tla2tools.jar"
            }
            Self::Lake => {
                "install elan, Lean's toolchain manager, or set TRIBUNAL_LAKE to a lake program"
            }
            Self::Node => "install Node.js (Debian: nodejs)",
        }
    }
}

/// Looks for a tool on this machine.
///
/// A variable that names the tool itself (`TLA2TOOLS_JAR`, `TRIBUNAL_LAKE`) decides alone: when what it names is not
/// there, the tool is not found, however many others there are.
///
/// # Errors
/// The places that were looked at.
pub fn find(tool: Tool) -> Result<Found, NotFound> {
    let machine = Machine {
        variable: &|name| std::env::var_os(name).filter(|value| !value.is_empty()),
        executable: std::env::current_exe()
            .ok()
            .and_then(|path| path.canonicalize().ok()),
        cache: files::user_cache_directory().ok(),
    };
    machine.find(tool)
}

/// What the search reads of the machine, so that tests can give another one.
struct Machine<'a> {
    variable: &'a dyn Fn(&str) -> Option<OsString>,
    executable: Option<PathBuf>,
    cache: Option<PathBuf>,
}

impl Machine<'_> {
    fn find(&self, tool: Tool) -> Result<Found, NotFound> {
        let mut search = Search {
            tool,
            looked: vec![],
            found: None,
        };
        match tool {
            Tool::Java => {
                search.place(
                    "JAVA_HOME/bin/java",
                    self.path_in("JAVA_HOME", "bin/java"),
                    "is not set",
                );
                search.place("PATH", self.on_path("java"), "has no java");
            }
            Tool::TlcJar => match self.variable("TLA2TOOLS_JAR") {
                Some(path) => search.place("TLA2TOOLS_JAR", Some(path), "is not set"),
                None => {
                    search.place("TLA2TOOLS_JAR", None, "is not set");
                    let beside = self
                        .executable
                        .as_deref()
                        .and_then(|path| upward(path, ".tools/tla2tools.jar"));
                    search.place(
                        ".tools of the program's project",
                        beside,
                        "has no tla2tools.jar",
                    );
                    let cached = self
                        .cache
                        .as_ref()
                        .map(|directory| directory.join("tla2tools.jar"));
                    search.place("the user's cache", cached, "has no directory");
                }
            },
            Tool::Lake => match self.variable("TRIBUNAL_LAKE") {
                Some(path) => search.place("TRIBUNAL_LAKE", Some(path), "is not set"),
                None => {
                    search.place("TRIBUNAL_LAKE", None, "is not set");
                    search.place("PATH", self.on_path("lake"), "has no lake");
                    search.place(
                        "~/.elan/bin",
                        self.path_in("HOME", ".elan/bin/lake"),
                        "has no HOME",
                    );
                }
            },
            Tool::Node => search.place("PATH", self.on_path("node"), "has no node"),
        }
        search.found.ok_or(NotFound {
            tool,
            looked: search.looked,
        })
    }

    fn variable(&self, name: &str) -> Option<PathBuf> {
        (self.variable)(name).map(PathBuf::from)
    }

    fn path_in(&self, variable: &str, below: &str) -> Option<PathBuf> {
        self.variable(variable)
            .map(|directory| directory.join(below))
    }

    fn on_path(&self, program: &str) -> Option<PathBuf> {
        // Relative entries of PATH are taken from the root, where they name nothing: a checkout must not supply a tool.
        which::which_in(program, (self.variable)("PATH"), "/").ok()
    }
}

struct Search {
    tool: Tool,
    looked: Vec<String>,
    found: Option<Found>,
}

impl Search {
    /// Takes the candidate of one place, unless an earlier place had the tool or this one has nothing usable.
    fn place(&mut self, place: &str, candidate: Option<PathBuf>, nothing: &str) {
        if self.found.is_some() {
            return;
        }
        match candidate {
            None => self.looked.push(format!("{place} ({nothing})")),
            Some(path) => match unusable(self.tool, &path) {
                None => {
                    self.found = Some(Found {
                        path,
                        place: place.to_owned(),
                    })
                }
                Some(why) => self
                    .looked
                    .push(format!("{place} ({} {why})", path.display())),
            },
        }
    }
}

fn unusable(tool: Tool, path: &Path) -> Option<&'static str> {
    match std::fs::metadata(path) {
        Err(_) => Some("does not exist"),
        Ok(meta) if !meta.is_file() => Some("is not a file"),
        Ok(meta) => match tool {
            Tool::TlcJar => None,
            Tool::Java | Tool::Lake | Tool::Node if meta.permissions().mode() & 0o111 == 0 => {
                Some("is not executable")
            }
            Tool::Java | Tool::Lake | Tool::Node => None,
        },
    }
}

/// The nearest `below` in a directory above `start`.
fn upward(start: &Path, below: &str) -> Option<PathBuf> {
    start
        .ancestors()
        .skip(1)
        .map(|directory| directory.join(below))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixture {
        root: tempfile::TempDir,
        variables: Vec<(&'static str, PathBuf)>,
    }

    impl Fixture {
        fn new() -> Self {
            let mut fixture = Self {
                root: tempfile::tempdir().expect("a directory"),
                variables: vec![],
            };
            fixture.set("HOME", "home");
            fixture.set("PATH", "path");
            fixture
        }

        fn set(&mut self, name: &'static str, below: &str) {
            self.variables.push((name, self.root.path().join(below)));
        }

        fn file(&self, below: &str, mode: u32) -> PathBuf {
            let path = self.root.path().join(below);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            std::fs::write(&path, "").expect("written");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
            path
        }

        fn find(&self, tool: Tool) -> Result<Found, NotFound> {
            let variable = |name: &str| {
                self.variables
                    .iter()
                    .rev()
                    .find(|(set, _)| *set == name)
                    .map(|(_, value)| value.clone().into_os_string())
            };
            let executable = Some(self.root.path().join("project/target/release/tribunal"));
            Machine {
                variable: &variable,
                executable,
                cache: Some(self.root.path().join("cache")),
            }
            .find(tool)
        }

        fn path_of(&self, tool: Tool) -> PathBuf {
            self.find(tool).expect("found").path
        }
    }

    #[test]
    fn java_home_goes_before_path_and_a_stale_one_is_passed_over() {
        let mut fixture = Fixture::new();
        let on_path = fixture.file("path/java", 0o755);
        assert_eq!(
            fixture.find(Tool::Java).expect("found"),
            Found {
                path: on_path.clone(),
                place: "PATH".into()
            }
        );
        fixture.set("JAVA_HOME", "jdk");
        assert_eq!(fixture.path_of(Tool::Java), on_path);
        let in_home = fixture.file("jdk/bin/java", 0o755);
        assert_eq!(fixture.path_of(Tool::Java), in_home);
    }

    #[test]
    fn the_jar_is_found_above_the_program_then_in_the_cache() {
        let fixture = Fixture::new();
        let cached = fixture.file("cache/tla2tools.jar", 0o644);
        assert_eq!(fixture.path_of(Tool::TlcJar), cached);
        let beside = fixture.file("project/.tools/tla2tools.jar", 0o644);
        assert_eq!(fixture.path_of(Tool::TlcJar), beside);
    }

    #[test]
    fn a_jar_named_by_the_user_decides_alone() {
        let mut fixture = Fixture::new();
        fixture.file("project/.tools/tla2tools.jar", 0o644);
        fixture.set("TLA2TOOLS_JAR", "mine.jar");
        let missing = fixture
            .find(Tool::TlcJar)
            .expect_err("the named one is not there");
        assert!(
            missing.to_string().contains("mine.jar does not exist"),
            "{missing}"
        );
        let named = fixture.file("mine.jar", 0o644);
        assert_eq!(fixture.path_of(Tool::TlcJar), named);
    }

    #[test]
    fn lake_is_looked_for_in_three_places_in_order() {
        let mut fixture = Fixture::new();
        let elan = fixture.file("home/.elan/bin/lake", 0o755);
        assert_eq!(fixture.path_of(Tool::Lake), elan);
        let on_path = fixture.file("path/lake", 0o755);
        assert_eq!(fixture.path_of(Tool::Lake), on_path);
        fixture.set("TRIBUNAL_LAKE", "own/lake");
        assert!(fixture.find(Tool::Lake).is_err());
        let own = fixture.file("own/lake", 0o755);
        assert_eq!(fixture.path_of(Tool::Lake), own);
    }

    #[test]
    fn a_file_that_cannot_be_run_is_no_tool() {
        let mut fixture = Fixture::new();
        fixture.file("path/node", 0o644);
        assert!(fixture.find(Tool::Node).is_err());
        fixture.set("TRIBUNAL_LAKE", "own/lake");
        fixture.file("own/lake", 0o644);
        assert!(
            fixture
                .find(Tool::Lake)
                .expect_err("refused")
                .to_string()
                .contains("is not executable")
        );
        fixture.file("path/java/inside", 0o755);
        assert!(
            fixture.find(Tool::Java).is_err(),
            "a directory of that name"
        );
    }

    #[test]
    fn a_missing_tool_says_where_it_was_sought_and_what_to_do() {
        let fixture = Fixture::new();
        for tool in Tool::ALL {
            let missing = fixture.find(tool).expect_err("an empty machine");
            let text = missing.to_string();
            assert!(
                !missing.looked.is_empty()
                    && missing.looked.iter().all(|place| text.contains(place)),
                "{text}"
            );
            assert!(
                text.starts_with(&tool.to_string()) && text.ends_with(tool.remedy()),
                "{text}"
            );
        }
        assert_eq!(fixture.find(Tool::Lake).expect_err("none").looked.len(), 3);
    }

    #[test]
    fn relative_path_entries_supply_no_tool() {
        let variable = |name: &str| (name == "PATH").then(|| OsString::from("target/../src:."));
        let machine = Machine {
            variable: &variable,
            executable: None,
            cache: None,
        };
        assert!(machine.find(Tool::Node).is_err());
    }
}
