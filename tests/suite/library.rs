//! The libz3 this build is linked with is the one the project sets up, and not another that the machine has.

#[test]
fn the_linked_z3_has_the_pinned_version() {
    let requirements = include_str!("../../python/requirements.txt");
    let pin = requirements
        .lines()
        .find_map(|line| line.strip_prefix("z3-solver=="))
        .expect("a pin");
    let pin: Vec<&str> = pin.split(['.', ' ']).take(3).collect();
    let linked = z3::full_version();
    assert_eq!(
        linked
            .split(['.', ' ', 'v'])
            .filter(|part| part.parse::<u32>().is_ok())
            .take(3)
            .collect::<Vec<_>>(),
        pin,
        "{linked}"
    );
}
