//! A model in a thread of its own. The tensors of libtorch may go to another
//! thread, but two must not share them; and libtorch keeps threads of its own
//! for each thread that computes with it.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use super::torch::guarded;
use crate::error::{Error, ErrorKind, Result};

/// Answers one question after the other; any thread may ask.
pub(crate) struct Worker<Q, A> {
    /// `None` when it is to end.
    questions: Option<Sender<(Q, Sender<Result<A>>)>>,
    thread: Option<JoinHandle<()>>,
}

impl<Q: Send + 'static, A: Send + 'static> Worker<Q, A> {
    /// Starts the thread, with so many threads of libtorch; 0 leaves their
    /// number to it.
    pub(crate) fn start(
        threads: usize,
        answer: impl FnMut(Q) -> Result<A> + Send + 'static,
    ) -> Result<Self> {
        let (questions, asked) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("painpoint-torch".to_owned())
            .spawn(move || {
                if let Ok(threads @ 1..) = i32::try_from(threads) {
                    tch::set_num_threads(threads);
                }
                work(&asked, answer);
            })
            .map_err(|source| {
                Error::new(ErrorKind::Config, "cannot start the thread of libtorch")
                    .with_source(source)
            })?;
        Ok(Self {
            questions: Some(questions),
            thread: Some(thread),
        })
    }

    /// Waits for its turn and the answer.
    pub(crate) fn ask(&self, question: Q) -> Result<A> {
        let gone = || Error::new(ErrorKind::Encoder, "the thread of libtorch has ended");
        let (reply, answer) = mpsc::channel();
        let questions = self.questions.as_ref().ok_or_else(gone)?;
        questions.send((question, reply)).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

/// Waits for the thread: libtorch must not be at work when the program ends.
impl<Q, A> Drop for Worker<Q, A> {
    fn drop(&mut self) {
        self.questions = None;
        if let Some(thread) = self.thread.take() {
            // A panic has been answered already.
            let _ = thread.join();
        }
    }
}

fn work<Q, A>(asked: &Receiver<(Q, Sender<Result<A>>)>, mut answer: impl FnMut(Q) -> Result<A>) {
    for (question, reply) in asked {
        // Who does not wait any more needs no answer.
        let _ = reply.send(guarded(|| answer(question)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_costs_one_answer() {
        let worker = Worker::start(1, |number: u32| match number {
            0 => panic!("nought"),
            number => Ok(number + 1),
        });
        let worker = worker.expect("a thread");
        assert!(
            worker
                .ask(0)
                .is_err_and(|error| error.to_string().contains("nought"))
        );
        std::thread::scope(|scope| {
            for number in 1..5 {
                let worker = &worker;
                scope.spawn(move || {
                    assert!(worker.ask(number).is_ok_and(|told| told == number + 1));
                });
            }
        });
    }
}
