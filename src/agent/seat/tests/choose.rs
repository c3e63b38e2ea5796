//! Who sits where.

use super::*;

fn names(
    choices: SeatChoices,
    model: Option<&Model>,
) -> Result<(String, Option<String>), ChooseError> {
    let seats = choose(choices, model.map(|m| &m.provider), &|_| None)?;
    let critic = match seats.critic {
        CriticChoice::Rules => None,
        CriticChoice::Seat(critic) => Some(critic.name()),
    };
    Ok((seats.planner.name(), critic))
}

#[test]
fn rules_sit_there_unless_a_model_is_set_up_or_somebody_else_is_wished_for() {
    let nobody = SeatChoices::default();
    let model = Model::answering(&[]);
    let name = "scripted/default".to_owned();
    assert_eq!(names(nobody, None), Ok(("rules".to_owned(), None)));
    assert_eq!(
        names(nobody, Some(&model)),
        Ok((name.clone(), Some(name.clone())))
    );
    let mixed = SeatChoices {
        planner: Some(Choice::Rules),
        critic: Some(Choice::Model),
    };
    assert_eq!(
        names(mixed, Some(&model)),
        Ok(("rules".to_owned(), Some(name)))
    );
    let error = names(mixed, None).expect_err("no provider");
    assert_eq!(
        (error.code(), error),
        (
            "TRIB-SEAT-NO-PROVIDER",
            ChooseError::NoProvider { seat: "critic" }
        )
    );
    assert!(model.asked().is_empty());
}
