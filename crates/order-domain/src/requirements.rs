//! The seller's form: what may be asked, and what counts as an answer (S12, S43).

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use crate::{
    command::Answers,
    ids::FileId,
    placement::{Question, QuestionKind},
    rejection::Rejection,
    values::Text,
};

/// Bytes of a form, as JSON.
pub const FORM_BYTES: usize = 64 << 10;
/// Bytes of all answers of an order together, as JSON.
pub const ANSWERS_BYTES: usize = 64 << 10;

/// Ids are unique and plain, choices have options.
pub(crate) fn check_form(form: &[Question]) -> Result<(), Rejection> {
    let mut seen = HashSet::new();
    for (i, question) in form.iter().enumerate() {
        let plain = |c: u8| c.is_ascii_alphanumeric() || b"._:-".contains(&c);
        if !(1..=64).contains(&question.id.len()) || !question.id.bytes().all(plain) {
            let problem = "must have 1 to 64 characters of A-Z a-z 0-9 . _ : -";
            return Err(Rejection::bad_field(format!("requirements[{i}].id"), problem));
        }
        if !seen.insert(question.id.as_str()) {
            return Err(Rejection::bad_field(format!("requirements[{i}].id"), "must not repeat"));
        }
        if (question.kind == QuestionKind::Choice) == question.options.is_empty() {
            let problem = "must be there for a choice, and only there";
            return Err(Rejection::bad_field(format!("requirements[{i}].options"), problem));
        }
        if question.options.len() > 100 {
            return Err(Rejection::bad_field(format!("requirements[{i}].options"), "must be at most 100"));
        }
    }
    fits("requirements", &form, FORM_BYTES)
}

/// Each answer belongs to a question and has its kind; as they are kept. Missing answers are not checked here.
pub(crate) fn parse_answers(form: &[Question], given: &Answers) -> Result<Answers, Rejection> {
    let parsed = given.iter().map(|(id, answer)| {
        let field = || format!("answers.{id}");
        let Some(question) = form.iter().find(|q| q.id == *id) else {
            return Err(Rejection::bad_field(field(), "answers no question of the form"));
        };
        let answer =
            parse_answer(question, answer).map_err(|problem| Rejection::bad_field(field(), problem))?;
        Ok((id.clone(), answer))
    });
    parsed.collect()
}

/// All of them go with every snapshot of the room.
pub(crate) fn fit(answers: &Answers) -> Result<(), Rejection> {
    fits("answers", answers, ANSWERS_BYTES)
}

fn fits(field: &str, what: &impl Serialize, bytes: usize) -> Result<(), Rejection> {
    let size = serde_json::to_vec(what).map_or(usize::MAX, |json| json.len());
    if size <= bytes {
        return Ok(());
    }
    Err(Rejection::bad_field(field, format!("must have at most {bytes} bytes together, as JSON")))
}

fn parse_answer(question: &Question, answer: &Value) -> Result<Value, String> {
    if question.kind == QuestionKind::Number {
        return if answer.is_number() { Ok(answer.clone()) } else { Err("must be a number".into()) };
    }
    let Value::String(answer) = answer else { return Err("must be a text".into()) };
    let text = Text::new(answer.as_str()).map_err(|bad| bad.to_string())?;
    let fits = match question.kind {
        QuestionKind::Choice => question.options.contains(&text),
        QuestionKind::Date => text.parse::<NaiveDate>().is_ok(),
        QuestionKind::Url => text.starts_with("https://") || text.starts_with("http://"),
        QuestionKind::File => text.parse::<FileId>().is_ok(),
        QuestionKind::Text | QuestionKind::LongText | QuestionKind::Number => true,
    };
    if fits { Ok(Value::from(&*text)) } else { Err(format!("must be {}", expected(question.kind))) }
}

fn expected(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Choice => "one of the options",
        QuestionKind::Date => "a day such as 2026-11-22",
        QuestionKind::Url => "an address that starts with https:// or http://",
        QuestionKind::File => "the id of a file",
        QuestionKind::Number => "a number",
        QuestionKind::Text | QuestionKind::LongText => "a text",
    }
}

/// Ids of all questions without an answer; empty when there is no form.
pub(crate) fn unanswered(form: &[Question], answers: &Answers) -> Vec<String> {
    form.iter().filter(|q| !answers.contains_key(&q.id)).map(|q| q.id.clone()).collect()
}

/// Is a required answer missing?
pub(crate) fn required_missing(form: &[Question], answers: &Answers) -> bool {
    form.iter().any(|q| q.required && !answers.contains_key(&q.id))
}
