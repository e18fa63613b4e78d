import {
  type Address,
  type CommitCertificate,
  OrderKind,
  PATH_USD,
  toAddress,
  toHash,
  toSequence,
} from '@fastpay/protocol';
import {
  createSimulatedChain,
  type SimulatedChain,
  type SimulatedChainDependencies,
  type SimulatedChainOptions,
} from '../simulated/simulated-chain.ts';
import { createOrder, createTestCommittee } from './committee.fixtures.ts';

/** Certificates whose signatures are mere places: for chains that do not check any. */
export interface UnsignedPayment {
  readonly sender: Address;
  readonly sequence: bigint;
  /** Absent: a SKIP. */
  readonly recipient?: Address;
  readonly amount?: bigint;
  readonly fee?: bigint;
  readonly kind?: (typeof OrderKind)[keyof typeof OrderKind];
  readonly signers?: readonly number[];
  readonly parents?: readonly CommitCertificate[];
}

const { committee } = createTestCommittee();

export function unsigned(payment: UnsignedPayment): CommitCertificate {
  const {
    sender,
    sequence,
    recipient,
    amount = 1n,
    fee = 0n,
    kind = OrderKind.transfer,
    signers = [0, 1, 2],
  } = payment;
  const slot = { owner: sender, asset: PATH_USD, sequence: toSequence(sequence) };
  const signatures = signers.map((signer) => ({ signer, signature: new Uint8Array(65) }));
  const body = { type: 'commit' as const, slot, round: 0, epoch: 0n, signatures };
  if (recipient === undefined) return { ...body, value: toHash(`0x${'00'.repeat(32)}`) };
  const parents = (payment.parents ?? []).map(({ value }) => value);
  const order = createOrder({ kind, sender, recipient, amount, fee, sequence, parents });
  const value = toHash(`0xfe${sender.slice(2)}${sequence.toString(16).padStart(22, '0')}`);
  return { ...body, value, signedOrder: { order, payerSignature: new Uint8Array(65) } };
}

/** An address out of a number above 0. */
export const addressOf = (number: number): Address => toAddress(`0x${number.toString(16).padStart(40, '0')}`);

export const SIMULATION_START_MS = 1_800_000_000_000;

export function createTestChain(
  options: Partial<SimulatedChainOptions> = {},
  dependencies: SimulatedChainDependencies = {},
): SimulatedChain {
  return createSimulatedChain(
    {
      domain: { chainId: 1n, reserve: addressOf(0xfa57), salt: toHash(`0x${'22'.repeat(32)}`) },
      committee,
      exitDelaySeconds: 600n,
      startMs: SIMULATION_START_MS,
      ...options,
    },
    dependencies,
  );
}
