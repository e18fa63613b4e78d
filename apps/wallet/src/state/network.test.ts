import type { Client, Transport, ValidatorStatus } from '@fastpay/client';
import { describe, expect, it } from 'vitest';
import type { Platform } from '../platform/ports.ts';
import { createNetwork } from './network.ts';
import type { Session } from './session.ts';
import { hashOf } from './wallet.fixtures.ts';

const block = { height: 7n, hash: hashOf(7), timestamp: 1n };

/** A relay that says of each validator whether it reaches it. */
function sessionOf(reachable: boolean[]): Session {
  const statusOf = (isReachable: boolean, signer: number): ValidatorStatus => ({
    signer,
    reachable: isReachable,
    latencyMs: 1,
    error: '',
    checkedAtMs: 0,
  });
  const transport: Partial<Transport> = {
    chainHead: () => Promise.resolve({ latest: block, finalized: block }),
    committeeStatus: () => Promise.resolve(reachable.map(statusOf)),
  };
  const client: Partial<Client> = { evidence: () => Promise.resolve([]) };
  return { transport, client, detached: true } as Session;
}

describe('the validators that the relay reaches', () => {
  it('are told of when one goes or comes back, and not otherwise', async () => {
    const reachable = [true, true, true, true];
    let told = 0;
    const network = createNetwork({} as Platform, { onReachableChanged: () => told++ });
    network.getState().attach(sessionOf(reachable));
    const look = () => network.getState().look();

    await look();
    await look();
    expect(told).toBe(0);
    reachable[3] = false;
    await look();
    expect(told).toBe(1);
    await look();
    expect(told).toBe(1);
    // One for another: as many as before, and not the same.
    [reachable[2], reachable[3]] = [false, true];
    await look();
    expect(told).toBe(2);
  });
});
