const PARENT_POLL_MS = 1_000;

/**
 * Resolves when this process is told to end: by a signal, by the end of its terminal, by the end of npm when npm
 * started it, or, if that was asked for, by the end of its standard input.
 */
export function watchForEnd(options: { readonly stopWithInput: boolean }): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    if (options.stopWithInput) {
      process.stdin.on('close', resolve);
      process.stdin.on('error', resolve);
      process.stdin.resume();
    }
    // npm that is killed passes no signal on.
    const parent = process.ppid;
    if (process.env.npm_lifecycle_event !== undefined) {
      setInterval(() => process.ppid !== parent && resolve(), PARENT_POLL_MS).unref();
    }
  });
}
