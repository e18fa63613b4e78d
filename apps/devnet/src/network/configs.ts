import { join, relative } from 'node:path';
import { type Ports, VALIDATOR_NAMES } from '../ports.ts';
import { writeJsonFile } from '../state/json-file.ts';
import type { StateLayout } from '../state/layout.ts';

/** Slow blocks are no sign of a lost chain. */
const staleAfterMs = (blockTimeSeconds: number) => Math.max(60_000, Math.ceil(blockTimeSeconds * 3_000));

export interface ConfigOptions {
  readonly ports: Ports;
  readonly rpcUrl: string;
  readonly controlUrl: string;
  readonly blockTimeSeconds: number;
  /** Whether validators settle what was paid. */
  readonly settle: boolean;
  /** Whether the relay pays for the gas of deposits. */
  readonly sponsor: boolean;
  readonly walletDirectory: string | undefined;
  readonly allowedOrigins: readonly string[];
  /** By which addresses they reach each other; straight unless given. */
  readonly routes?: Routes;
}

/** Addresses as one part of the network uses them for another; validators by committee index. */
export interface Routes {
  peer(from: number, to: number): string;
  relayTo(validator: number): string;
  toNode(validator: number): string;
}

export function validatorUrl(ports: Ports, signer: number): string {
  return `http://127.0.0.1:${ports.validators[signer]}`;
}

/** Writes what the sidecars and the relay are started with; anew at every start, since ports may have moved. */
export function writeConfigs(layout: StateLayout, options: ConfigOptions): void {
  const { ports, rpcUrl } = options;
  const straight = (to: number) => validatorUrl(ports, to);
  const routes = options.routes ?? { peer: (_, to) => straight(to), relayTo: straight, toNode: () => rpcUrl };
  for (const [signer, name] of VALIDATOR_NAMES.entries()) {
    const file = layout.config(name);
    const fromFile = (path: string) => relative(join(file, '..'), path);
    writeJsonFile(file, {
      networkFile: fromFile(layout.network),
      name,
      listen: { host: '127.0.0.1', port: ports.validators[signer] },
      dataDirectory: fromFile(layout.store(name)),
      keyFile: fromFile(layout.key(name)),
      peers: VALIDATOR_NAMES.map((peer, to) => `${peer}=${routes.peer(signer, to)}`),
      chain: { rpcUrl: routes.toNode(signer), staleAfterMs: staleAfterMs(options.blockTimeSeconds) },
      settlement: { submit: options.settle },
    });
  }
  const file = layout.config('relay');
  const fromFile = (path: string) => relative(join(file, '..'), path);
  writeJsonFile(file, {
    networkFile: fromFile(layout.network),
    validators: VALIDATOR_NAMES.map((_, signer) => ({ signer, url: routes.relayTo(signer) })),
    listen: { host: '127.0.0.1', port: ports.relay },
    chain: { rpcUrl },
    ...(options.sponsor ? { sponsor: sponsorOf(layout, options, fromFile) } : {}),
    ...(options.walletDirectory === undefined ? {} : { walletDirectory: fromFile(options.walletDirectory) }),
    devnetUrl: options.controlUrl,
    allowedOrigins: options.allowedOrigins,
    // One machine, one person: here the limits would only hinder measuring.
    rateLimits: { requestsPerMinute: 1_000_000, pagesPerMinute: 1_000_000, paymentsPerMinute: 1_000_000 },
  });
}

/** One machine, one person: nobody is to find the sponsor out of money but by asking it very often. */
function sponsorOf(layout: StateLayout, { blockTimeSeconds }: ConfigOptions, fromFile: (path: string) => string) {
  return {
    name: 'FastPay devnet',
    keyFile: fromFile(layout.sponsorKey),
    budgetFile: fromFile(layout.sponsorBudget),
    unitsPerHour: 20_000_000,
    unitsPerDay: 100_000_000,
    depositsPerAccount: 1_000,
    depositsPerClient: 10_000,
    // Several blocks, however slow they are.
    lifeSeconds: Math.min(7_200, Math.max(120, Math.ceil(blockTimeSeconds * 4))),
  };
}
