import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { z } from 'zod';
import { DevnetError } from './error.ts';
import { readJsonFile, writeJsonFile } from './state/json-file.ts';

export const VALIDATOR_NAMES = ['Dave', 'Edgar', 'Frank', 'Grace'] as const;

const portsSchema = z.object({
  /** Relay and wallet. */
  relay: z.int(),
  /** In the committee's order. */
  validators: z.array(z.int()).length(VALIDATOR_NAMES.length),
  node: z.int(),
  control: z.int(),
  /** The wallet with hot reload; used with `--dev` only. */
  dev: z.int(),
});

export type Ports = z.infer<typeof portsSchema>;

const HOST = '127.0.0.1';
const PORTS_IN_A_ROW = 8;
const FREE_FROM = 16_000;
const FREE_TO = 32_000;
const MOST_ATTEMPTS = 100;

function portsFrom(base: number): Ports {
  const validators = VALIDATOR_NAMES.map((_, index) => base + 1 + index);
  return { relay: base, validators, node: base + 5, control: base + 6, dev: base + 7 };
}

/** From the base that was asked for, or free ones: those are kept, since a wallet's storage belongs to its address. */
export async function choosePorts(options: { readonly portBase: number }, keptIn: string): Promise<Ports> {
  if (options.portBase !== 0) return portsFrom(options.portBase);
  const kept = portsSchema.safeParse(readJsonFile(keptIn)).data;
  if (kept) return kept;
  const chosen = await freePorts();
  writeJsonFile(keptIn, chosen);
  return chosen;
}

/**
 * A free row below the ports that systems give to outgoing connections (from 32,768 on Linux, 49,152 elsewhere): one
 * of those could be taken by anybody's connection while what belongs to it is down.
 */
async function freePorts(): Promise<Ports> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const ports = portsFrom(FREE_FROM + PORTS_IN_A_ROW * randomInt((FREE_TO - FREE_FROM) / PORTS_IN_A_ROW));
    const all = [ports.relay, ...ports.validators, ports.node, ports.control, ports.dev];
    if ((await Promise.all(all.map(isFree))).every(Boolean)) return ports;
  }
  throw new DevnetError('No row of free ports was found. Choose one: npm start -- --port-base 5700');
}

export async function freePort(): Promise<number> {
  const server = await listenOn(0);
  const { port } = server.address() as { port: number };
  await close(server);
  return port;
}

/** @throws DevnetError that names every port in use, what it is for and, where the system tells, who holds it. */
export async function assertFree(ports: Ports, dev: boolean): Promise<void> {
  const uses: readonly (readonly [string, number])[] = [
    ['relay and wallet', ports.relay],
    ...VALIDATOR_NAMES.map((name, index) => [`validator ${name}`, ports.validators[index] ?? 0] as const),
    ['Tempo node', ports.node],
    ['control', ports.control],
    ...(dev ? [['wallet with hot reload', ports.dev] as const] : []),
  ];
  const taken: string[] = [];
  for (const [use, port] of uses) {
    if (await isFree(port)) continue;
    const holder = holderOf(port);
    taken.push(`Port ${port} (${use}) is in use${holder ? ` by ${holder}` : ''}.`);
  }
  if (taken.length === 0) return;
  throw new DevnetError(`${taken.join('\n')}\nStop what uses it, or choose other ports: npm start -- --port-base 5700`);
}

async function isFree(port: number): Promise<boolean> {
  try {
    await close(await listenOn(port));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw new DevnetError(`Port ${port} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

function listenOn(port: number): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: HOST, exclusive: true }, () => resolve(server));
  });
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** The process that listens on a port: `node (process 4711)`. Linux only, and only what this user may see. */
export function holderOf(port: number): string | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of readdirIfAllowed('/proc').filter((name) => /^\d+$/.test(name))) {
    const holds = readdirIfAllowed(`/proc/${pid}/fd`).some((fd) => inodes.has(linkTarget(`/proc/${pid}/fd/${fd}`)));
    if (holds) return `${readIfAllowed(`/proc/${pid}/comm`).trim()} (process ${pid})`;
  }
  return undefined;
}

const TCP_LISTEN = '0A';

function listeningInodes(port: number): ReadonlySet<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readIfAllowed(path).split('\n'));
  const fields = rows.map((row) => row.trim().split(/\s+/));
  const listening = fields.filter((row) => row[1]?.endsWith(suffix) === true && row[3] === TCP_LISTEN);
  return new Set(listening.map((row) => `socket:[${row[9] ?? ''}]`));
}

// Processes come and go and belong to others while we look: what cannot be read tells nothing.
function readIfAllowed(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readdirIfAllowed(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
