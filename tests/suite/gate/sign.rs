//! Signed approvals: by keys of every kind, both ways with `ssh-keygen`, and whatever makes a signature count for nothing.

use std::path::Path;
use std::process::{Command, Stdio};

use super::fixture::{FLOW, Fixture};
use crate::tools::skip;

/// A key pair of this kind in the project's directory; the public key's text.
fn key(project: &Fixture, name: &str, kind: &[&str], pass_phrase: &str) -> String {
    let path = project.path(name);
    let made = Command::new("ssh-keygen")
        .args(kind)
        .args(["-q", "-N", pass_phrase, "-C", name, "-f"])
        .arg(&path)
        .output()
        .expect("ssh-keygen");
    assert!(made.status.success(), "{made:?}");
    project
        .read(&project.path(&format!("{name}.pub")))
        .trim()
        .to_owned()
}

const ED25519: &[&str] = &["-t", "ed25519"];

fn have_ssh_keygen() -> bool {
    let found = Command::new("ssh-keygen")
        .arg("-?")
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !found {
        skip("ssh-keygen is not installed: signatures are not tested against it");
    }
    found
}

/// Approves signed; without a role, as a signature needs none.
fn approve(project: &Fixture, key: &str) -> (Option<i32>, String) {
    let shown = project.shown();
    let output = project.run_as(
        &[],
        &["approve", "w.yaml", "--expect", &shown, "--sign", key],
    );
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

fn ssh_keygen(project: &Fixture, arguments: &[&str], input: Option<&Path>) -> bool {
    let stdin = input.map_or_else(Stdio::null, |p| {
        std::fs::File::open(p).expect("there").into()
    });
    let output = Command::new("ssh-keygen")
        .current_dir(project.root())
        .args(arguments)
        .stdin(stdin)
        .output()
        .expect("ssh-keygen");
    output.status.success()
}

#[test]
fn every_kind_of_key_signs_and_ssh_keygen_agrees() {
    if !have_ssh_keygen() {
        return;
    }
    for kind in [
        ED25519,
        &["-t", "ecdsa", "-b", "256"],
        &["-t", "rsa", "-b", "2048"],
    ] {
        let project = Fixture::criticised(FLOW);
        let public = key(&project, "bob", kind, "");
        let (code, said) = approve(&project, "bob");
        assert_eq!(code, Some(8), "nobody is known by the key yet: {said}");
        project.write(".spec/allowed_signers", &format!("bob@x {public}\n"));
        let (code, said) = approve(&project, "bob");
        assert_eq!(code, Some(0), "{kind:?}: {said}");
        assert_eq!(project.gate(), (0, "open".into()), "{kind:?}");
        let (_, gate) = project.json(&["gate", "w.yaml"]);
        assert_eq!(gate["data"]["approvals"][0]["how"], "signed");
        assert_eq!(gate["data"]["approvals"][0]["by"]["principal"], "bob@x");
        let (approval, signature) = (
            project.kept("approval.json"),
            project.kept("approval.json.sig"),
        );
        let verify = |namespace: &str| {
            let signature = signature.to_str().expect("text");
            let arguments = [
                "-Y",
                "verify",
                "-f",
                ".spec/allowed_signers",
                "-I",
                "bob@x",
                "-n",
                namespace,
                "-s",
                signature,
            ];
            ssh_keygen(&project, &arguments, Some(&approval))
        };
        assert!(
            verify("tribunal-approval"),
            "{kind:?}: ssh-keygen takes our signature"
        );
        assert!(!verify("file"), "and only for its purpose");
        // The other way: ssh-keygen's signature in the place of ours.
        std::fs::remove_file(&signature).expect("removed");
        assert_eq!(project.gate(), (8, "TRIB-GATE-SIGNATURE".into()));
        let sign = |namespace: &str| {
            let _ = std::fs::remove_file(&signature);
            let approval = approval.to_str().expect("text");
            assert!(ssh_keygen(
                &project,
                &["-Y", "sign", "-f", "bob", "-n", namespace, approval],
                None
            ));
        };
        sign("tribunal-approval");
        assert_eq!(
            project.gate(),
            (0, "open".into()),
            "{kind:?}: we take ssh-keygen's signature"
        );
        sign("file");
        assert_eq!(
            project.gate(),
            (8, "TRIB-GATE-SIGNATURE".into()),
            "another purpose"
        );
    }
}

#[test]
fn a_signature_counts_only_for_its_content_its_key_and_its_time() {
    if !have_ssh_keygen() {
        return;
    }
    let base = Fixture::criticised(FLOW);
    let bob = key(&base, "bob", ED25519, "");
    let eve = key(&base, "eve", ED25519, "");
    base.write(".spec/allowed_signers", &format!("bob@x {bob}\n"));
    let (code, said) = approve(&base, "bob");
    assert_eq!(code, Some(0), "{said}");
    let signers = |text: String| move |f: &Fixture| f.write(".spec/allowed_signers", &text);
    type Deed = Box<dyn Fn(&Fixture)>;
    let rows: Vec<(&str, Deed, i32, &str)> = vec![
        (
            "the signature is gone",
            Box::new(|f| std::fs::remove_file(f.kept("approval.json.sig")).expect("removed")),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "the signature is none",
            Box::new(|f| std::fs::write(f.kept("approval.json.sig"), "x").expect("written")),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "the signature is cut off",
            Box::new(|f| {
                let text = f.read(&f.kept("approval.json.sig"));
                std::fs::write(f.kept("approval.json.sig"), &text[..text.len() / 2])
                    .expect("written");
            }),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "the layout is another",
            Box::new(|f| f.edit(&f.kept("approval.json"), "{", "{ ")),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "somebody else signed",
            Box::new(|f| {
                std::fs::remove_file(f.kept("approval.json.sig")).expect("removed");
                let path = f.kept("approval.json");
                let path = path.to_str().expect("text");
                assert!(ssh_keygen(
                    f,
                    &["-Y", "sign", "-f", "eve", "-n", "tribunal-approval", path],
                    None
                ));
            }),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "the list of signers is gone",
            Box::new(|f| std::fs::remove_file(f.path(".spec/allowed_signers")).expect("removed")),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "the key is not in the list any more",
            Box::new(signers(format!("eve@x {eve}\n"))),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "the key is somebody else's",
            Box::new(signers(format!("carol@x {bob}\n"))),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "the key is for something else",
            Box::new(signers(format!("bob@x namespaces=\"git\" {bob}\n"))),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "the key had ended",
            Box::new(signers(format!("bob@x valid-before=\"20200101Z\" {bob}\n"))),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "the key had not begun",
            Box::new(signers(format!("bob@x valid-after=\"29990101Z\" {bob}\n"))),
            8,
            "TRIB-GATE-SIGNATURE",
        ),
        (
            "an authority vouches for it",
            Box::new(signers(format!("bob@x cert-authority {bob}\n"))),
            4,
            "TRIB-GATE-RECORD",
        ),
        (
            "the list has an error",
            Box::new(signers(format!("bob@x {bob}\nx\n"))),
            4,
            "TRIB-GATE-RECORD",
        ),
        (
            "the list has more in it",
            Box::new(signers(format!(
                "# ours\n*@y {eve}\nbob@x namespaces=\"tribunal-*\" {bob}\n"
            ))),
            0,
            "open",
        ),
    ];
    for (name, deed, code, reason) in rows {
        let project = base.copy();
        deed(&project);
        assert_eq!(project.gate(), (code, reason.to_owned()), "{name}");
    }
}

#[test]
fn an_encrypted_key_is_refused_where_nobody_can_be_asked() {
    if !have_ssh_keygen() {
        return;
    }
    let project = Fixture::criticised(FLOW);
    let public = key(&project, "bob", ED25519, "secret");
    project.write(".spec/allowed_signers", &format!("bob@x {public}\n"));
    let (code, said) = approve(&project, "bob");
    assert_eq!(code, Some(8));
    assert!(said.contains("the key is encrypted"), "{said}");
    assert!(!project.kept("approval.json").exists());
    let (code, said) = approve(&project, "bob.pub");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("not a private key"), "{said}");
    assert_eq!(approve(&project, "nobody").0, Some(2));
}

#[test]
fn two_people_sign_where_the_policy_asks_for_two() {
    if !have_ssh_keygen() {
        return;
    }
    let own = "policy:\n  rules:\n    - {id: two, action: approve, effect: require, when: \"human_approvals >= 2\", reason: \"two people approve\"}\n";
    let project = Fixture::criticised(&format!("{FLOW}{own}"));
    let (bob, carol) = (
        key(&project, "bob", ED25519, ""),
        key(&project, "carol", ED25519, ""),
    );
    project.write(
        ".spec/allowed_signers",
        &format!("bob@x {bob}\ncarol@x {carol}\n"),
    );
    assert_eq!(approve(&project, "bob").0, Some(6), "one more is asked for");
    assert_eq!(project.gate(), (1, "TRIB-GATE-REFUSED".into()));
    assert_eq!(
        approve_again(&project, "bob"),
        Some(9),
        "bob cannot be both"
    );
    assert_eq!(approve_again(&project, "carol"), Some(0));
    assert_eq!(project.gate(), (0, "open".into()));
    assert!(project.kept("approval-2.json.sig").exists());
    // One of the two alone is not enough, and a third is not needed.
    let less = project.copy();
    std::fs::remove_file(less.kept("approval-2.json")).expect("removed");
    assert_eq!(less.gate(), (1, "TRIB-GATE-REFUSED".into()));
    let dave = key(&project, "dave", ED25519, "");
    project.write(
        ".spec/allowed_signers",
        &format!("bob@x {bob}\ncarol@x {carol}\ndave@x {dave}\n"),
    );
    assert_eq!(approve_again(&project, "dave"), Some(9));
}

/// Approves what is approved already: nothing can be shown, so the digest is taken from the approval.
fn approve_again(project: &Fixture, key: &str) -> Option<i32> {
    let approval: serde_json::Value =
        serde_json::from_str(&project.read(&project.kept("approval.json"))).expect("JSON");
    let shown = approval["shown"].as_str().expect("a digest");
    let arguments = ["approve", "w.yaml", "--expect", shown, "--sign", key];
    project.run_as(&[], &arguments).status.code()
}

#[test]
fn at_a_terminal_a_person_is_asked_and_anything_but_yes_is_no() {
    let terminal = Command::new("script").arg("--version").output();
    if !terminal.is_ok_and(|o| String::from_utf8_lossy(&o.stdout).contains("util-linux")) {
        skip("script of util-linux is not installed: prompts at a terminal are not tested");
        return;
    }
    let project = Fixture::criticised(FLOW);
    let program = env!("CARGO_BIN_EXE_tribunal");
    let at_terminal = |answer: &str, arguments: &str| {
        // A checkout may lie in a directory with a blank in its name.
        let command = format!("'{program}' {arguments}");
        let mut child = Command::new("script")
            .current_dir(project.root())
            .env_remove("SPEC_ROLE")
            .env_remove("SPEC_AGENT_ID")
            .args(["-q", "-e", "-c", &command, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script");
        let mut stdin = child.stdin.take().expect("a pipe");
        std::io::Write::write_all(&mut stdin, format!("{answer}\n").as_bytes()).expect("written");
        let output = child.wait_with_output().expect("it ends");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    for no in ["no", "y", "", "YES!"] {
        let (code, said) = at_terminal(no, "approve w.yaml");
        assert_eq!(code, Some(6), "{no}: {said}");
        assert!(!project.kept("approval.json").exists(), "{no}");
    }
    let (code, said) = at_terminal("yes", "approve w.yaml");
    assert_eq!(code, Some(0), "{said}");
    for shown in ["to be approved", "reviewed: holds", "verdict", "critique"] {
        assert!(said.contains(shown), "{shown}: {said}");
    }
    let (_, gate) = project.json(&["gate", "w.yaml"]);
    assert_eq!(gate["data"]["approvals"][0]["how"], "terminal");
    assert_eq!(at_terminal("no", "revoke w.yaml --reason r").0, Some(6));
    assert_eq!(project.gate().0, 0);
    assert_eq!(at_terminal("yes", "revoke w.yaml --reason r").0, Some(0));
    assert_eq!(project.gate(), (1, "TRIB-GATE-REVOKED".into()));
}
