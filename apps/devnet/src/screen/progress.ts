import { styleText } from 'node:util';

/** Says what is being done while it is done, and how long it took. */
export interface Progress {
  step<Value>(name: string, work: () => Promise<Value>): Promise<Value>;
  note(text: string): void;
}

type Stream = NodeJS.WriteStream;

export function createProgress(stream: Stream = process.stdout): Progress {
  const style = (format: Parameters<typeof styleText>[0], text: string) => styleText(format, text, { stream });
  let pending = '';
  return {
    async step(name, work) {
      const started = performance.now();
      // On a terminal the line is written first and completed later; in a log only complete lines make sense.
      pending = name;
      if (stream.isTTY) stream.write(`  ${name} …`);
      try {
        const value = await work();
        const seconds = ((performance.now() - started) / 1_000).toFixed(1);
        stream.write(
          `${stream.isTTY ? '\r\u001b[K' : ''}${style('green', '✓')} ${name} ${style('dim', `${seconds} s`)}\n`,
        );
        return value;
      } catch (error) {
        stream.write(`${stream.isTTY ? '\r\u001b[K' : ''}${style('red', '✗')} ${name}\n`);
        throw error;
      } finally {
        pending = '';
      }
    },
    note(text) {
      const redraw = stream.isTTY && pending !== '';
      stream.write(`${redraw ? '\r\u001b[K' : ''}  ${style('dim', text)}\n${redraw ? `  ${pending} …` : ''}`);
    },
  };
}
