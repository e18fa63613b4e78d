import { domainSeparator, type Network, quorumStake, totalStake } from '@fastpay/protocol';

/** What an operator wants to see, and to compare, once a reserve stands. */
export function deployReport(
  network: Network,
  { transactionHash, blockHeight, file }: { transactionHash: string; blockHeight: bigint; file: string },
): string {
  const { domain, committee } = network;
  const rows = [
    ['Reserve', domain.reserve],
    ['Transaction', `${transactionHash} in block ${blockHeight}`],
    ['Committee', `${committee.members.length} validators of epoch ${committee.epoch}`],
    ['Quorum', `${quorumStake(committee)} of ${totalStake(committee)} stake`],
    ['Exit delay', `${network.exitDelaySeconds} s`],
    ['EIP-712 domain', 'name FastPay, version 1'],
    ['  chainId', `${domain.chainId}`],
    ['  verifyingContract', domain.reserve],
    ['  salt', domain.salt],
    ['  separator', domainSeparator(domain)],
    ['Manifest', file],
  ] as const;
  return `${rows.map(([name, value]) => `${name.padEnd(21)}${value}`).join('\n')}\n`;
}
