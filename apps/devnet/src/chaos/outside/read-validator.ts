import { randomBytes } from 'node:crypto';
import { ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { type VerificationContext, verifyCommitCertificate, verifyStatement } from '@fastpay/crypto';
import { type Address, bytesOf, type CommitCertificate, limits, toHex } from '@fastpay/protocol';
import {
  accountAnswerFromProto,
  bulletinEntryFromProto,
  CLIENT_NONCE_BYTES,
  certificatePageFromProto,
  evidenceListFromProto,
  ValidatorService,
} from '@fastpay/rpc';
import { DevnetError } from '../../error.ts';
import type { AccountSaid, Statements, ValidatorFindings } from './findings.ts';

/** One validator as anyone sees it over its public interface; whatever is signed is verified. */
export interface ValidatorReader {
  readonly name: string;
  /** All resolutions in its order. @throws RejectError INVALID_CERTIFICATE. */
  certificates(): Promise<readonly CommitCertificate[]>;
  /** How many exits of accounts it has taken in as executed. */
  executedExits(): Promise<number>;
  statements(owners: readonly Address[], asset: Address): Promise<Statements>;
  findings(owners: readonly Address[], asset: Address): Promise<ValidatorFindings>;
}

const TIMEOUT_MS = 20_000;
/** Of `/metrics`: what has to be 0 wherever everybody is honest and no store was lost. */
const ALARMS = ['fastpay_safety_alarms', 'fastpay_evidence', 'fastpay_observing', 'fastpay_chain_foreign'];

export function createValidatorReader(
  options: { readonly name: string; readonly url: string },
  context: VerificationContext,
): ValidatorReader {
  const { name, url } = options;
  const client = createClient(
    ValidatorService,
    createConnectTransport({ baseUrl: url, httpVersion: '1.1', defaultTimeoutMs: TIMEOUT_MS }),
  );

  async function certificates(): Promise<readonly CommitCertificate[]> {
    const all: CommitCertificate[] = [];
    for (let afterCursor = 0n, hasMore = true; hasMore; ) {
      const page = certificatePageFromProto(
        await client.listCertificates({ afterCursor, limit: limits.certificatePage }),
      );
      for (const certificate of page.certificates) await verifyCommitCertificate(context, certificate);
      all.push(...page.certificates);
      afterCursor = page.nextCursor;
      hasMore = page.hasMore;
    }
    return all;
  }

  async function bulletin() {
    const events: ReturnType<typeof bulletinEntryFromProto>['event'][] = [];
    for (let afterCursor = 0n, hasMore = true; hasMore; ) {
      const page = await client.listBulletin({ afterCursor, limit: limits.bulletinPage });
      events.push(...page.entries.map((entry) => bulletinEntryFromProto(entry).event));
      afterCursor = page.nextCursor;
      hasMore = page.hasMore;
    }
    return events;
  }

  async function statement(owner: Address, asset: Address): Promise<AccountSaid> {
    const clientNonce = new Uint8Array(randomBytes(CLIENT_NONCE_BYTES));
    const { account } = await client.getAccount({ owner: bytesOf(owner), asset: bytesOf(asset), clientNonce });
    const { signed, overlay } = accountAnswerFromProto(account);
    await verifyStatement(context, signed);
    const { statement: said } = signed;
    if (said.account.owner !== owner || toHex(said.clientNonce) !== toHex(clientNonce)) {
      throw new DevnetError(`${name} answered with a statement about something else.`);
    }
    if (!overlay) throw new DevnetError(`${name} does not say what of a balance is settled.`);
    return { balance: said.balance, overlay };
  }

  async function statements(owners: readonly Address[], asset: Address): Promise<Statements> {
    const said = new Map<Address, AccountSaid>();
    try {
      for (const owner of owners) said.set(owner, await statement(owner, asset));
      return said;
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      return { refusal: error.message };
    }
  }

  async function alarms(): Promise<ReadonlyMap<string, number>> {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    return new Map(ALARMS.map((metric) => [metric, metricIn(text, metric)]));
  }

  return {
    name,
    certificates,
    statements,
    async executedExits() {
      const events = await bulletin();
      return events.filter((event) => event.type === 'exit' && event.exit.type === 'executed').length;
    },
    async findings(owners, asset) {
      const events = await bulletin();
      const { evidence } = await client.listEvidence({ limit: 0 });
      return {
        name,
        certificates: await certificates(),
        statements: await statements(owners, asset),
        deposits: events.flatMap((event) => (event.type === 'deposited' ? [event.deposit.index] : [])),
        evidence: evidenceListFromProto(evidence).length,
        alarms: await alarms(),
      };
    },
  };
}

/** @throws DevnetError when the page has no such metric: an alarm that is not there cannot be silent. */
export function metricIn(page: string, metric: string): number {
  const value = new RegExp(`^${metric} (\\S+)$`, 'm').exec(page)?.[1];
  if (value === undefined) throw new DevnetError(`There is no metric ${metric}.`);
  return Number(value);
}
