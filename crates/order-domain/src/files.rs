//! Files of a room that a command names: which they are, and that each is there.
//!
//! The shell looks them up; whether the ones it found are all that is needed is decided here.

use std::fmt::Display;

use crate::{
    command::{Answers, Command},
    event::FileRef,
    ids::FileId,
    order::Order,
    placement::{Question, QuestionKind},
    rejection::Rejection,
};

/// The ids that a command names in this room: to be looked up.
pub fn named(command: &Command, order: Option<&Order>) -> Vec<FileId> {
    match command {
        Command::PostMessage(post) => post.files.clone(),
        Command::DeliverFiles(delivery) => delivery.files.clone(),
        Command::SubmitRequirements(given) => {
            let form = order.map_or(&[][..], |order| &order.form);
            answered(form, &given.answers).map(|(_, id)| id).collect()
        }
        _ => Vec::new(),
    }
}

/// The answers that are files. What is no id is refused with the other answers.
pub(crate) fn answered<'a>(
    form: &'a [Question],
    answers: &'a Answers,
) -> impl Iterator<Item = (&'a Question, FileId)> {
    let files = form.iter().filter(|question| question.kind == QuestionKind::File);
    files.filter_map(|question| Some((question, answers.get(&question.id)?.as_str()?.trim().parse().ok()?)))
}

/// One of the files that were found.
pub(crate) fn find(found: &[FileRef], id: FileId, field: impl Display) -> Result<FileRef, Rejection> {
    let file = found.iter().find(|file| file.id == id).cloned();
    file.ok_or_else(|| Rejection::bad_field(field.to_string(), "must be a file of this room"))
}

/// All of a list, in its order.
pub(crate) fn find_all(found: &[FileRef], ids: &[FileId]) -> Result<Vec<FileRef>, Rejection> {
    ids.iter().enumerate().map(|(i, id)| find(found, *id, format_args!("files[{i}]"))).collect()
}
