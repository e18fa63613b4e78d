import { execFileSync } from 'node:child_process';

export interface ProcessMemory {
  readonly name: string;
  readonly pid: number;
  /** Resident memory, pages shared with others counted in full. */
  readonly residentMb: number;
}

/** Asks the system's `ps`; a process that has ended is left out. */
export function measureMemory(
  processes: readonly { readonly name: string; readonly pid: number }[],
): readonly ProcessMemory[] {
  const pids = processes.map(({ pid }) => pid).join(',');
  const rows = execFileSync('ps', ['-o', 'pid=,rss=', '-p', pids], { encoding: 'utf8' }).trim().split('\n');
  const kilobytes = new Map(rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number]));
  return processes.flatMap(({ name, pid }) => {
    const resident = kilobytes.get(pid);
    return resident === undefined ? [] : [{ name, pid, residentMb: resident / 1_024 }];
  });
}

export function memoryTable(measured: readonly ProcessMemory[]): string {
  const total = measured.reduce((sum, { residentMb }) => sum + residentMb, 0);
  const row = (name: string, value: number) => `  ${name.padEnd(34)} ${value.toFixed(0).padStart(6)} MB`;
  return [...measured.map(({ name, residentMb }) => row(name, residentMb)), row('together', total)].join('\n');
}
