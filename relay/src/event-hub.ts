import { type VerificationContext, verifyCommitCertificate } from '@fastpay/crypto';
import {
  type Address,
  type CommitCertificate,
  certificateIdentity,
  RejectError,
  validityStake,
} from '@fastpay/protocol';
import type { AccountEvent, BulletinEvent } from '@fastpay/rpc';
import type { CertificateCache } from './certificate-cache.ts';
import { createLru } from './lru.ts';

/** Live events by owner, from the logs of all validators. */
export interface EventHub {
  /** An event that one validator reports. @throws RejectError INVALID_CERTIFICATE. */
  report(signer: number, event: BulletinEvent): Promise<void>;
  /** A certificate that the relay verified itself. */
  resolved(certificate: CommitCertificate): void;
  /**
   * Events about this owner from now on, with keep-alives, until `signal` aborts.
   * @throws RejectError RATE_LIMITED when there are too many watchers, or this one reads too slowly.
   */
  watch(owner: Address, client: string, signal: AbortSignal): AsyncIterable<AccountEvent>;
  readonly watchers: number;
}

interface HubOptions {
  readonly watchers: number;
  readonly watchersPerClient: number;
  readonly watcherBuffer: number;
  readonly keepAliveMs: number;
  readonly rememberedEvents: number;
}

interface HubDependencies {
  readonly context: VerificationContext;
  readonly cache: CertificateCache;
  /** Unix milliseconds. */
  now(): number;
  onSlowWatcher(): void;
}

interface Watcher {
  readonly client: string;
  readonly buffer: AccountEvent[];
  isCut: boolean;
  wake(): void;
}

export function createEventHub(options: HubOptions, dependencies: HubDependencies): EventHub {
  const { context, cache, now } = dependencies;
  const { committee } = context;
  const watchersByOwner = new Map<Address, Set<Watcher>>();
  const countByClient = new Map<string, number>();
  /** Who reported an event that nobody signed; `dispatched` once validators of stake ≥ v did. */
  const reports = createLru<{ readonly signers: Set<number>; isDispatched: boolean }>({
    entries: options.rememberedEvents,
  });
  let watchers = 0;

  const dispatch = (owners: readonly Address[], event: AccountEvent) => {
    for (const owner of new Set(owners)) {
      for (const watcher of watchersByOwner.get(owner) ?? []) {
        if (watcher.buffer.length >= options.watcherBuffer) watcher.isCut = true;
        else watcher.buffer.push(event);
        watcher.wake();
      }
    }
  };

  const resolved = (certificate: CommitCertificate) => {
    const identity = certificateIdentity(certificate);
    if (reports.get(identity)) return;
    reports.set(identity, { signers: new Set(), isDispatched: true });
    cache.add(certificate);
    dispatch(ownersOf(certificate), { type: 'resolved', certificate });
  };

  /** Unsigned claims are passed on once an honest validator is among those who make them (§2). */
  const agree = (signer: number, key: string, owners: readonly Address[], event: AccountEvent) => {
    const report = reports.get(key) ?? { signers: new Set<number>(), isDispatched: false };
    report.signers.add(signer);
    reports.set(key, report);
    const stake = [...report.signers].reduce((sum, index) => sum + (committee.members[index]?.stake ?? 0n), 0n);
    if (report.isDispatched || stake < validityStake(committee)) return;
    report.isDispatched = true;
    dispatch(owners, event);
  };

  return {
    resolved,
    get watchers() {
      return watchers;
    },
    async report(signer, event) {
      if (event.type === 'resolved') {
        if (reports.get(certificateIdentity(event.certificate))) return;
        await verifyCommitCertificate(context, event.certificate);
        resolved(event.certificate);
      } else if (event.type === 'deposited') {
        const { index, account, amount, block } = event.deposit;
        agree(
          signer,
          `deposit/${index}/${account.owner}/${account.asset}/${amount}/${block.hash}`,
          [account.owner],
          event,
        );
      } else if (event.type === 'exit') {
        const { type, account, block } = event.exit;
        const key = `exit/${type}/${account.owner}/${account.asset}/${block.hash}`;
        agree(signer, key, [account.owner], event);
      } else if (event.type === 'settlement') {
        const { transactionHash, stage, slot, settlement } = event;
        const where = settlement ? `${settlement.block.hash}/${settlement.transactionHash}` : '';
        const certificate = cache.payment(transactionHash)?.commit;
        const owners = certificate ? ownersOf(certificate) : [slot.owner];
        agree(signer, `settlement/${transactionHash}/${slot.owner}/${stage}/${where}`, owners, event);
      }
    },
    async *watch(owner, client, signal) {
      const count = countByClient.get(client) ?? 0;
      if (watchers >= options.watchers || count >= options.watchersPerClient) {
        throw new RejectError('RATE_LIMITED', 'too many open streams', { retryAfterMs: 5_000 });
      }
      const watcher: Watcher = { client, buffer: [], isCut: false, wake: () => {} };
      const ofOwner = watchersByOwner.get(owner) ?? new Set();
      watchersByOwner.set(owner, ofOwner.add(watcher));
      countByClient.set(client, count + 1);
      watchers++;
      const onAbort = () => watcher.wake();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        // At once, so that the reader knows from when on it misses nothing.
        yield { type: 'keepAlive', unixMillis: BigInt(now()) };
        while (!signal.aborted) {
          const event = watcher.buffer.shift();
          if (event) yield event;
          else if (watcher.isCut) {
            dependencies.onSlowWatcher();
            throw new RejectError('RATE_LIMITED', 'events came faster than they were read; watch again and catch up');
          } else if (!(await wokenWithin(watcher, options.keepAliveMs)) && !signal.aborted) {
            yield { type: 'keepAlive', unixMillis: BigInt(now()) };
          }
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        watchers--;
        const left = (countByClient.get(client) ?? 1) - 1;
        if (left === 0) countByClient.delete(client);
        else countByClient.set(client, left);
        ofOwner.delete(watcher);
        if (ofOwner.size === 0) watchersByOwner.delete(owner);
      }
    },
  };
}

function ownersOf({ slot, signedOrder }: CommitCertificate): readonly Address[] {
  return signedOrder ? [slot.owner, signedOrder.order.recipient] : [slot.owner];
}

function wokenWithin(watcher: Watcher, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    watcher.wake = () => {
      clearTimeout(timer);
      resolve(true);
    };
  });
}
