//! What a move costs: the number of arcs of the true tree that it puts out of reach
//! (the dynamic oracle of the arc-hybrid system, Goldberg and Nivre 2013).

use crate::syntax::{Move, State};

/// The true tree as the oracle asks for it. The root is place `len`.
pub(super) struct Truth {
    pub(super) heads: Vec<usize>,
    dependents: Vec<Vec<usize>>,
}

impl Truth {
    pub(super) fn new(heads: Vec<usize>) -> Self {
        let mut dependents = vec![Vec::new(); heads.len() + 1];
        for (dependent, head) in heads.iter().enumerate() {
            dependents[*head].push(dependent);
        }
        Self { heads, dependents }
    }

    /// Arcs lost by a move that the state allows.
    pub(super) fn cost(&self, state: &State, action: Move) -> usize {
        let next = state.next;
        let Some(&top) = state.stack.last() else {
            return 0;
        };
        let waiting = self.dependents[top].iter().filter(|d| **d >= next).count();
        match action {
            Move::Left => {
                let head = self.heads[top];
                let below = state.stack.iter().nth_back(1);
                waiting + usize::from(head > next || below == Some(&head))
            }
            Move::Right => waiting + usize::from(self.heads[top] >= next),
            Move::Shift => {
                let below = &state.stack[..state.stack.len() - 1];
                let stacked = self.dependents[next].iter().filter(|d| state.stack.contains(d)).count();
                stacked + usize::from(below.contains(&self.heads[next]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Deprel;

    /// Always a move without cost, from the start: the true tree comes out.
    #[test]
    fn moves_without_cost_lead_to_the_true_tree() {
        // "La France condamne l'attaque": 1 is the head of 0, 2 of 1 and 4, 4 of 3; 5 is the root.
        let truth = Truth::new(vec![1, 2, 5, 4, 2]);
        let mut state = State::new(5);
        while !state.is_done() {
            let free = |m: &Move| state.allows(*m) && truth.cost(&state, *m) == 0;
            let action = Move::ALL.into_iter().find(free).unwrap();
            match state.arc(action) {
                None => state.shift(),
                Some((head, dependent)) => state.attach(head, dependent, Deprel::Dep),
            }
        }
        assert_eq!(state.heads, truth.heads);
    }

    #[test]
    fn a_wrong_move_costs_the_arcs_that_it_puts_out_of_reach() {
        let truth = Truth::new(vec![1, 2, 5, 4, 2]);
        let mut state = State::new(5);
        state.shift();
        state.shift();
        // 0 should hang on 1 and lies below it; shifting 2 as well keeps nothing of 0 -> 1.
        assert_eq!(truth.cost(&state, Move::Right), 1);
        assert_eq!(truth.cost(&state, Move::Left), 0);
        assert_eq!(truth.cost(&state, Move::Shift), 1);
    }
}
