import { setTimeout as delay } from 'node:timers/promises';
import { type Address, type CommitCertificate, SKIP, slotKey } from '@fastpay/protocol';
import { DevnetError } from '../../error.ts';
import type { Statements } from './findings.ts';
import type { ChainReader } from './read-chain.ts';
import type { ValidatorReader } from './read-validator.ts';

const POLL_MS = 1_000;

/**
 * Waits until nothing moves any more: every validator has every certificate and every exit, every payment among them is
 * on chain in a final block, and every validator knows so. @throws DevnetError that says what is missing when the time is up.
 */
export async function untilQuiet(
  { validators, chain }: { readonly validators: readonly ValidatorReader[]; readonly chain: ChainReader },
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const missing = await whatIsMissing(validators, chain);
    if (missing === undefined) return;
    if (performance.now() > deadline) {
      throw new DevnetError(`After ${timeoutMs / 1_000} s without faults ${missing}.`);
    }
    await delay(POLL_MS);
  }
}

async function whatIsMissing(validators: readonly ValidatorReader[], chain: ChainReader): Promise<string | undefined> {
  const logs = await Promise.all(validators.map((validator) => validator.certificates()));
  const slots = new Set(logs.flat().map(({ slot }) => slotKey(slot)));
  for (const [index, log] of logs.entries()) {
    const lacks = slots.size - new Set(log.map(({ slot }) => slotKey(slot))).size;
    if (lacks > 0) return `${validators[index]?.name} lacks ${lacks} of ${slots.size} certificates`;
  }
  const { settled, exits, deposits } = await chain.history();
  const onChain = new Set(settled);
  const values = new Set(logs.flat().map(({ value }) => value));
  values.delete(SKIP);
  const unsettled = [...values].filter((value) => !onChain.has(value)).length;
  if (unsettled > 0) return `${unsettled} of ${values.size} payments are not settled`;
  const { finalized, latest } = await chain.chain.head();
  if ((await chain.chain.settlements(finalized.height + 1n, latest.height)).length > 0) return 'a block is not final';
  for (const validator of validators) {
    const seen = await validator.executedExits();
    if (seen !== exits.length) return `${validator.name} knows of ${seen} exits, and ${exits.length} were made`;
  }
  const owners = ownersIn(deposits, logs.flat());
  for (const validator of validators) {
    const open = outstandingIn(await validator.statements(owners, chain.asset));
    if (open > 0) return `${validator.name} does not know of payments of ${open} accounts that they are final`;
  }
  return undefined;
}

/** Accounts with something that the validator has not seen final. One that refuses to say is for the judge. */
function outstandingIn(statements: Statements): number {
  if ('refusal' in statements) return 0;
  return [...statements.values()].filter(({ overlay }) => overlay.unsettledIn + overlay.unsettledOut > 0n).length;
}

/** Whoever deposited, paid or was paid, on FastPay or on Tempo. */
export function ownersIn(
  deposits: readonly { readonly account: { readonly owner: Address } }[],
  certificates: readonly CommitCertificate[],
): readonly Address[] {
  const owners = new Set(deposits.map(({ account }) => account.owner));
  for (const { slot, signedOrder } of certificates) {
    owners.add(slot.owner);
    if (signedOrder) owners.add(signedOrder.order.recipient);
  }
  return [...owners];
}
