//! Batches on their way: while one is written, others are scored and the next
//! one is gathered.

use std::sync::Mutex;
use std::sync::mpsc;

/// Batches that are scored at the same time: while the last documents of one
/// keep some of the analyzer's threads busy, the next one has work for the
/// others.
const SCORED_AT_ONCE: usize = 2;

/// Takes batches from `next` until there are no more, turns each into what
/// `score` makes of it, and gives that to `done` in the order of the batches.
///
/// `next` runs on a thread of its own, `score` on two, `done` on this one. At
/// most four batches exist at a time. The first error of `done` ends it all, as
/// soon as `next` returns.
pub(crate) fn in_order<Batch: Send, Scored: Send, Error>(
    mut next: impl FnMut() -> Option<Batch> + Send,
    score: impl Fn(Batch) -> Scored + Sync,
    done: impl FnMut(Scored) -> Result<(), Error>,
) -> Result<(), Error> {
    // What is to be scored, and in its order where each result will come out.
    let (batches, waiting) = mpsc::sync_channel::<(Batch, mpsc::SyncSender<Scored>)>(0);
    let (places, results) = mpsc::sync_channel::<mpsc::Receiver<Scored>>(SCORED_AT_ONCE);
    let waiting = Mutex::new(waiting);
    let (waiting, score) = (&waiting, &score);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Some(batch) = next() {
                let (result, place) = mpsc::sync_channel(1);
                // Nobody takes results any more after an error of `done`.
                if places.send(place).is_err() || batches.send((batch, result)).is_err() {
                    return;
                }
            }
        });
        for _ in 0..SCORED_AT_ONCE {
            scope.spawn(move || {
                loop {
                    let batch = waiting.lock().expect("no thread panics with it").recv();
                    let Ok((batch, result)) = batch else { return };
                    // Unless nobody waits for it.
                    let _ = result.send(score(batch));
                }
            });
        }
        let results = results.into_iter();
        results
            .map(|place| place.recv().expect("every batch is scored"))
            .try_for_each(done)
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_order_however_long_each_takes() {
        let mut numbers = 0..50_u64;
        let mut seen = Vec::new();
        let result: Result<(), ()> = in_order(
            || numbers.next(),
            |number| {
                std::thread::sleep(Duration::from_millis(number * 7 % 5));
                number * 2
            },
            |double| {
                seen.push(double);
                Ok(())
            },
        );
        assert_eq!(result, Ok(()));
        assert_eq!(seen, (0..50).map(|number| number * 2).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_ends_it() {
        let mut taken = 0;
        let result = in_order(
            || {
                taken += 1;
                Some(taken)
            },
            |number| number,
            |number| if number < 10 { Ok(()) } else { Err(number) },
        );
        assert_eq!(result, Err(10));
        assert!(taken < 20, "{taken} batches were taken");
    }

    #[test]
    fn nothing_in_nothing_out() {
        let result: Result<(), ()> = in_order(|| None::<()>, |()| (), |()| Err(()));
        assert_eq!(result, Ok(()));
    }
}
