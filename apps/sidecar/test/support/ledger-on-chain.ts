import { randomBytes } from 'node:crypto';
import { type Address, bytesOf, PATH_USD } from '@fastpay/protocol';
import { accountAnswerFromProto } from '@fastpay/rpc';
import { createTempoChain } from '@fastpay/tempo';
import { expect } from 'vitest';
import { createConnectClient } from './connect.ts';
import type { SettlingCommittee } from './settling-committee.ts';
import type { TestNetwork } from './test-network.ts';

/** Once everything is final: every member says of every account what the contract has, with nothing outstanding. */
export async function expectLedgerOnChain(
  { network, node }: TestNetwork,
  committee: Pick<SettlingCommittee, 'running' | 'url'>,
  owners: readonly Address[],
): Promise<void> {
  const chain = createTempoChain({ rpcUrl: node.rpcUrl, reserve: network.domain.reserve });
  for (const owner of owners) {
    const { balance } = await chain.accountOnChain({ owner, asset: PATH_USD });
    for (const signer of committee.running) {
      const clientNonce = new Uint8Array(randomBytes(16));
      const request = { owner: bytesOf(owner), asset: bytesOf(PATH_USD), clientNonce };
      const { account } = await createConnectClient(committee.url(signer)).getAccount(request);
      const { signed, overlay } = accountAnswerFromProto(account);
      expect(signed.statement.balance).toBe(balance);
      expect(overlay).toEqual({ onChain: balance, unsettledIn: 0n, unsettledOut: 0n });
    }
  }
}
