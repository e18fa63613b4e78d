import { createHash } from 'node:crypto';
import { type Address, decodeCommitCertificate, encodeCertificate, fromHex, toAddress, toHex } from '@fastpay/protocol';
import type { ReserveTransaction } from '@fastpay/tempo';
import { z } from 'zod';

/** Transactions of one block of a simulated chain. A block has as many records as it took to write its transactions. */
export interface JournalRecord {
  readonly height: bigint;
  /** In the order in which the block executes them. */
  readonly transactions: readonly SentTransaction[];
}

export interface SentTransaction {
  readonly from: Address;
  readonly transaction: ReserveTransaction;
}

const hex = z.string().regex(/^0x(?:[0-9a-f]{2})*$/) as z.ZodType<`0x${string}`>;
const address = hex.transform(toAddress);
const decimal = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);
const account = z.strictObject({ owner: address, asset: address });
const transaction = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('settle'),
    certificates: z.array(hex.transform((text) => decodeCommitCertificate(fromHex(text)))),
    attestation: z.array(z.strictObject({ signer: z.int().min(0), signature: hex.transform(fromHex) })).exactOptional(),
  }),
  z.strictObject({ type: z.literal('deposit'), account, amount: decimal }),
  z.strictObject({ type: z.literal('release'), account }),
  z.strictObject({ type: z.enum(['requestExit', 'cancelExit', 'exit']), asset: address }),
]);
const schema = z.strictObject({
  height: decimal,
  transactions: z.array(z.strictObject({ from: address, transaction })),
});

/** JSON in one line. */
export function encodeRecord({ height, transactions }: JournalRecord): string {
  return JSON.stringify({
    height: String(height),
    transactions: transactions.map(({ from, transaction: sent }) => ({ from, transaction: plain(sent) })),
  });
}

/** @throws when it is anything but a record. */
export function decodeRecord(json: string): JournalRecord {
  return schema.parse(JSON.parse(json));
}

function plain(sent: ReserveTransaction): unknown {
  if (sent.type === 'deposit') return { ...sent, amount: String(sent.amount) };
  if (sent.type !== 'settle') return sent;
  return {
    type: sent.type,
    certificates: sent.certificates.map((each) => toHex(encodeCertificate(each))),
    ...(sent.attestation && {
      attestation: sent.attestation.map(({ signer, signature }) => ({ signer, signature: toHex(signature) })),
    }),
  };
}

const CHECKSUM_DIGITS = 64;

/** A line of a journal: a checksum, so that one that was cut off while it was written is told from a whole one. */
export function lineOf(content: string): string {
  return `${checksumOf(content)} ${content}\n`;
}

/** What a line, without its end, says; undefined when it is damaged. */
export function contentOf(line: string): string | undefined {
  const content = line.slice(CHECKSUM_DIGITS + 1);
  return line === `${checksumOf(content)} ${content}` ? content : undefined;
}

function checksumOf(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
