//! The seller's form: what may be asked, and what counts as an answer (S12, S43).

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::Value;

use crate::{
    command::Answers,
    ids::FileId,
    placement::{Question, QuestionKind},
    rejection::Rejection,
    values::Text,
};

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
    Ok(())
}

/// Each answer belongs to a question and has its kind. Missing answers are not checked here.
pub(crate) fn check_answers(form: &[Question], answers: &Answers) -> Result<(), Rejection> {
    for (id, answer) in answers {
        let field = format!("answers.{id}");
        let Some(question) = form.iter().find(|q| q.id == *id) else {
            return Err(Rejection::bad_field(field, "answers no question of the form"));
        };
        if let Err(problem) = check_answer(question, answer) {
            return Err(Rejection::bad_field(field, problem));
        }
    }
    Ok(())
}

fn check_answer(question: &Question, answer: &Value) -> Result<(), String> {
    if question.kind == QuestionKind::Number {
        return if answer.is_number() { Ok(()) } else { Err("must be a number".into()) };
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
    if fits { Ok(()) } else { Err(format!("must be {}", expected(question.kind))) }
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
