import {
  accountStatementBytes,
  type CommitCertificate,
  committeeHash,
  type Hash,
  type SignedOrder,
  transactionHash,
  ZERO_HASH,
} from '@fastpay/protocol';
import type { BulletinEntry, PaymentView } from '@fastpay/rpc';
import type { ValidatorClient } from '../upstream/validator-client.ts';
import { handMadeValidator } from './hand-made-validator.fixtures.ts';
import type { TestNetwork } from './network.fixtures.ts';

/** A validator in this process that agrees to everything and keeps a log; every signature of it is real. */
export function handMadeClient(
  net: TestNetwork,
  signer: number,
  behaviour: Partial<ValidatorClient> = {},
): ValidatorClient {
  const port = handMadeValidator(net, signer);
  const orders = new Map<Hash, SignedOrder>();
  const certificates = new Map<Hash, CommitCertificate>();
  const log: BulletinEntry[] = [];
  const { epoch, members } = net.network.committee;
  const member = members[signer];
  if (!member) throw new Error(`there is no validator ${signer}`);
  let announce = () => {};

  return {
    signer,
    vote(submission, signal) {
      orders.set(transactionHash(submission.signedOrder.order, net.separator), submission.signedOrder);
      return port.vote(submission, signal);
    },
    openRound: (submission, signal) => port.openRound(submission, signal),
    voteInRound: (submission, signal) => port.voteInRound(submission, signal),
    commit: (submission, signal) => port.commit(submission, signal),
    fundingClosure(hash) {
      const own = certificates.get(hash);
      return Promise.resolve({ certificates: own ? [own] : [], complete: own !== undefined });
    },
    evidence: () => Promise.resolve([]),
    resolve(certificate) {
      if (!certificates.has(certificate.value)) {
        certificates.set(certificate.value, certificate);
        log.push({ cursor: BigInt(log.length + 1), event: { type: 'resolved', certificate } });
        announce();
      }
      return Promise.resolve();
    },
    payment(hash) {
      const signedOrder = orders.get(hash) ?? certificates.get(hash)?.signedOrder;
      const commitCertificate = certificates.get(hash);
      const view: PaymentView | undefined = signedOrder && {
        transactionHash: hash,
        stage: commitCertificate ? 'QUEUED_ONCHAIN' : 'ACCEPTED',
        signedOrder,
        ...(commitCertificate ? { commitCertificate } : {}),
      };
      return Promise.resolve(view);
    },
    async account(account, clientNonce) {
      const statement = {
        account,
        balance: 50_000_000n,
        next: BigInt(certificates.size),
        finalizedHeight: 3n,
        finalizedHash: ZERO_HASH,
        unixMillis: 1_000n,
        clientNonce,
      };
      const bytes = accountStatementBytes({ separator: net.separator, epoch }, statement);
      const signature = { signer, signature: await net.keysOf(signer).voting.sign(bytes) };
      return { signed: { epoch, statement, signature }, known: true };
    },
    bulletin({ filter, afterCursor, limit }) {
      const matching = log.filter(
        ({ cursor, event }) =>
          cursor > afterCursor &&
          event.type === 'resolved' &&
          (!filter.transactionHash || event.certificate.value === filter.transactionHash) &&
          (!filter.owner ||
            event.certificate.slot.owner === filter.owner ||
            event.certificate.signedOrder?.order.recipient === filter.owner),
      );
      const entries = matching.slice(0, limit);
      const nextCursor = entries.at(-1)?.cursor ?? afterCursor;
      return Promise.resolve({ entries, nextCursor, hasMore: matching.length > limit });
    },
    async *watch(after, signal) {
      let index = after ? Number(after.cursor) : log.length;
      const storeId = new Uint8Array(16);
      while (!signal.aborted) {
        const entry = log[index];
        if (entry) {
          index++;
          yield { entry, storeId };
        } else {
          await new Promise<void>((resolve) => {
            announce = resolve;
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
        }
      }
    },
    info: () =>
      Promise.resolve({
        name: member.name,
        signer,
        votingKey: member.votingKey,
        settlementAddress: member.settlementAddress,
        stake: member.stake,
        epoch,
        domainSeparator: net.separator,
        committeeHash: committeeHash(net.network.committee),
        version: '0.1.0',
        uptimeMs: 5,
        votesSigned: 0n,
        commitsSigned: 0n,
        slotsResolved: BigInt(certificates.size),
        lastSignedAtMs: 0,
        observing: false,
      }),
    close: () => {},
    ...behaviour,
  };
}
