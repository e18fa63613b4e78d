/**
 * Gives a task a signal that aborts after `timeoutMs`. Unlike AbortSignal.timeout, nothing stays behind once the task is
 * done: a timer that still runs would keep alive whatever listens to it, and wake it for nothing.
 */
export async function withDeadline<Result>(
  timeoutMs: number,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    return await task(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
