/** Reads what strace saw of a process: writes to one file, when they were made durable, and lines on its output. */

export type TraceEvent =
  | { readonly type: 'write'; readonly offset: number; readonly bytes: Buffer; readonly isSynchronous: boolean }
  | { readonly type: 'sync' }
  | { readonly type: 'line'; readonly text: string };

/** The calls that `readTrace` understands; the file must be written through no others. */
export const TRACED_CALLS = 'openat,lseek,pwrite64,pwritev,pwritev2,writev,write,fdatasync,fsync,ftruncate,fallocate';

/** `text` is the output of `strace -f -xx -y -s <large>`; `file` the path whose writes count. */
export function readTrace(text: string, file: string): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  const unfinished = new Map<string, string>();
  const synchronous = new Set<string>();
  let position = 0;
  for (const line of text.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    if (!resumed && rest.endsWith('<unfinished ...>')) {
      unfinished.set(thread, rest.slice(0, -'<unfinished ...>'.length));
      // A write that has begun may be on disk in part.
      if (/^(pwrite|writev)/.test(rest)) take(rest, false);
      continue;
    }
    take(resumed ? `${unfinished.get(thread) ?? ''}${resumed[1] ?? ''}` : rest, true);
  }
  return events;

  function take(call: string, isFinished: boolean): void {
    const [, name = '', descriptor = '', path = '', args = ''] = /^(\w+)\((\d+)<((?:\\x\w\w)*)>(.*)$/.exec(call) ?? [];
    const isFile = unescapeHex(path).toString() === file;
    if (name === 'write' && descriptor === '1') {
      for (const said of strings(args).toString().split('\n')) if (said) events.push({ type: 'line', text: said });
    }
    const opened = /^openat\(.*O_DSYNC.*= (\d+)<((?:\\x\w\w)*)>$/.exec(call);
    if (opened && unescapeHex(opened[2] ?? '').toString() === file) synchronous.add(opened[1] ?? '');
    if (!isFile) return;
    switch (name) {
      case 'lseek':
        position = Number(/^, (\d+), SEEK_SET/.exec(args)?.[1]);
        return;
      case 'writev':
        write(position, strings(args));
        return;
      case 'pwrite64':
        write(Number(/", \d+, (\d+)/.exec(args)?.[1]), strings(args));
        return;
      case 'fdatasync':
      case 'fsync':
        events.push({ type: 'sync' });
        return;
      case 'openat':
        return;
      default:
        throw new Error(`the trace has a call that is not understood: ${name}`);
    }

    function write(offset: number, bytes: Buffer): void {
      if (Number.isNaN(offset) || bytes.length === 0) throw new Error(`no write can be read from ${call.slice(0, 80)}`);
      events.push({ type: 'write', offset, bytes, isSynchronous: isFinished && synchronous.has(descriptor) });
    }
  }
}

function unescapeHex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

function strings(args: string): Buffer {
  return Buffer.concat([...args.matchAll(/"((?:\\x\w\w)*)"/g)].map((match) => unescapeHex(match[1] ?? '')));
}
