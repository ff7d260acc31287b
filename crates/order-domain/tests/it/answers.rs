//! The seller's form and the buyer's answers (S12, S43): kept as they were understood, and bounded.

use order_domain::{
    command::SubmitRequirements,
    participant::Role,
    rejection::{Code, Rejection},
    requirements::{ANSWERS_BYTES, FORM_BYTES},
    values::TEXT_CHARS,
};
use serde_json::{Value, json};

use crate::scene::Scene;

fn form(questions: usize) -> Value {
    let question = |i| json!({"id": format!("q{i}"), "label": "Which?", "kind": "long_text"});
    (0..questions).map(question).collect()
}

fn answers(count: usize, answer: &str) -> Value {
    Value::Object((0..count).map(|i| (format!("q{i}"), json!(answer))).collect())
}

fn submit(answers: Value) -> SubmitRequirements {
    serde_json::from_value(json!({ "answers": answers })).unwrap()
}

fn refused(placed: &Value) -> Rejection {
    Scene::try_placed(placed).err().expect("it is refused")
}

fn names(field: &str, refusal: &Rejection) {
    assert_eq!((refusal.code, refusal.field.as_deref()), (Code::BadField, Some(field)), "{refusal}");
}

#[test]
fn white_space_around_an_answer_is_not_kept() {
    let wide = format!("{}yes\n{}", " ".repeat(1 << 20), "\t".repeat(1 << 20));
    let placed = json!({"requirements": form(2), "answers": {"q0": wide}});
    let mut scene = Scene::placed(placed);
    assert_eq!(scene.order.answers["q0"], json!("yes"));
    scene.ok(Role::Buyer, submit(json!({"q1": wide})));
    assert_eq!(scene.order.answers["q1"], json!("yes"));
}

#[test]
fn answers_are_bounded_together() {
    let long = "x".repeat(TEXT_CHARS);
    let many = ANSWERS_BYTES / TEXT_CHARS + 1;
    names("answers", &refused(&json!({"requirements": form(20), "answers": answers(many, &long)})));
    let mut scene = Scene::placed(json!({"requirements": form(20), "answers": answers(many - 2, &long)}));
    let refusal = scene.try_as(Role::Buyer, submit(json!({"q18": long, "q19": long}))).unwrap_err();
    names("answers", &refusal);
    scene.ok(Role::Buyer, submit(json!({"q0": "short", "q18": long})));
}

#[test]
fn a_form_is_bounded() {
    let options: Vec<String> = (0..100).map(|i| format!("{i} {}", "x".repeat(FORM_BYTES / 100))).collect();
    let question = json!({"id": "q", "label": "Which?", "kind": "choice", "options": options});
    names("requirements", &refused(&json!({ "requirements": [question] })));
}

/// A term that nobody understands is not passed over in silence.
#[test]
fn an_unknown_field_of_a_placement_is_refused() {
    let refusal = refused(&json!({"revisons": 3}));
    assert_eq!(refusal.code, Code::BadField);
    assert!(refusal.message.contains("revisons"), "{refusal}");
}
