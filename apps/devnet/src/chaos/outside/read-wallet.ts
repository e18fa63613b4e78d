import { clientLimits } from '@fastpay/client';
import { type VerificationContext, verifyCommitCertificate } from '@fastpay/crypto';
import type { Address, CommitCertificate, Hash } from '@fastpay/protocol';
import type { Wallet } from '../load/wallet.ts';
import type { WalletFindings } from './findings.ts';

/** What a wallet would show of its payments, all of them. @throws RejectError INVALID_CERTIFICATE. */
export async function readWallet(
  { device, client }: Pick<Wallet, 'device' | 'client'>,
  asset: Address,
  context: VerificationContext,
): Promise<WalletFindings> {
  const certificates: CommitCertificate[] = [];
  const [paid, skipped, unfinished]: [Hash[], Hash[], Hash[]] = [[], [], []];
  let before: number | undefined;
  do {
    const page = await client.activity({ limit: clientLimits.page, ...(before === undefined ? {} : { before }) });
    for (const { direction, stage, transactionHash, certificate } of page) {
      if (certificate) {
        await verifyCommitCertificate(context, certificate);
        certificates.push(certificate);
      }
      if (direction === 'received') continue;
      if (stage === 'QUEUED_ONCHAIN') paid.push(transactionHash);
      else if (stage === 'SKIPPED') skipped.push(transactionHash);
      else unfinished.push(transactionHash);
    }
    before = page.at(-1)?.cursor;
  } while (before !== undefined);
  const open = (await client.pending(asset))?.transactionHash;
  return { device, open, certificates, paid, skipped, unfinished };
}
