//! Statements of the Council: by its president, to the press; issued, blocked.

use super::{
    ActionKind, ActionStatus, CouncilAction, Form,
    line::Line,
    phrases::StatementWords,
    scene::{Scene, add, after, said, subject},
    sponsors::{Tabled, tabled},
};

/// Statements that the article tells of, one a form and day.
pub(super) fn statements(scene: &Scene<'_>) -> Vec<CouncilAction> {
    let words = &scene.phrases.statement;
    let mut found: Vec<CouncilAction> = Vec::new();
    for line in scene.council_lines() {
        let texts = tabled(line, scene.phrases, &[]);
        name_authors(&mut found, line, &texts, words);
        let presidential = said(line, &words.presidential);
        let press = said(line, &words.press);
        let (form, place) = match (presidential, press) {
            (Some(place), _) => (Some(Form::Presidential), place),
            (None, Some(place)) => (Some(Form::Press), place),
            (None, None) => match said(line, &words.any) {
                Some(place) => (None, place),
                None => continue,
            },
        };
        let blocked = said(line, &words.blocked).filter(|f| !scene.is_hypothetical(line, f.first));
        let blocked_by = blocked.as_ref().and_then(|f| subject(line, f.first)).map(|g| g.codes.clone());
        let lacking =
            words.lacking.first(&line.words).and_then(|f| after(line, f.end)).map(|g| g.codes.clone());
        let blocked_by = blocked_by.or(lacking);
        let issued = form.is_some() && words.issued.is_in(&line.words);
        if blocked_by.is_none() && (!issued || scene.is_hypothetical(line, place.first)) {
            continue;
        }
        let mut statement = scene.bare(ActionKind::Statement, line, &place);
        statement.form = form;
        statement.blocked_by = blocked_by.unwrap_or_default();
        for text in texts {
            add(&mut statement.draft.sponsors, &text.codes);
        }
        let by = statement.blocked_by.clone();
        statement.draft.sponsors.retain(|c| !by.contains(c));
        if let Some(when) = scene.when(line, place.first, false) {
            statement.when = when;
        }
        if scene.age(&statement.when).is_some_and(|days| days > 30) {
            statement.status = ActionStatus::Past;
        }
        "council/statement".clone_into(&mut statement.rule);
        let same = |s: &&mut CouncilAction| {
            s.blocked_by.is_empty() == statement.blocked_by.is_empty()
                && (s.form.is_none() || form.is_none() || s.form == form)
        };
        match found.iter_mut().find(same) {
            Some(known) => {
                known.form = known.form.or(form);
                add(&mut known.blocked_by, &statement.blocked_by);
                add(&mut known.draft.sponsors, &statement.draft.sponsors);
            }
            None => found.push(statement),
        }
    }
    found
}

/// "The text had been proposed by Britain": the statement told just before.
fn name_authors(found: &mut [CouncilAction], line: &Line<'_>, texts: &[Tabled], words: &StatementWords) {
    let Some(last) =
        found.last_mut().filter(|s| s.draft.sponsors.is_empty() && s.status != ActionStatus::Past)
    else {
        return;
    };
    let texts_of_it = words.texts.is_in(&line.words) && !words.not_texts.is_in(&line.words);
    let near = texts_of_it
        && last.evidence.span.end <= line.sentence.span.start
        && line.sentence.span.start - last.evidence.span.end < 5;
    if let Some(text) = texts.first().filter(|_| near) {
        let by = last.blocked_by.clone();
        add(&mut last.draft.sponsors, &text.codes);
        last.draft.sponsors.retain(|c| !by.contains(c));
    }
}
