import { committeeHash, domainSeparator, type Network } from '@fastpay/protocol';
import { type ReserveInfo, type TempoChain, TempoError } from '@fastpay/tempo';

/** Holds the reserve on the node's chain against the manifest. */
export interface ReserveCheck {
  /** Undefined when they agree; else how they differ. Asks the node once, until `repeat`. Rejects when it fails. */
  run(): Promise<string | undefined>;
  /** The node may be another one now: ask again. */
  repeat(): void;
  /** First block that can hold an event; 0 before the first answer. */
  deploymentHeight(): bigint;
}

export function createReserveCheck(
  network: Network,
  { source }: { readonly source: Pick<TempoChain, 'reserveInfo'> },
): ReserveCheck {
  let passed = false;
  let deploymentHeight = 0n;
  return {
    async run() {
      if (passed) return undefined;
      const info = await readReserve(source);
      if (!info) return `there is no reserve contract at ${network.domain.reserve}`;
      const difference = differenceOf(network, info);
      passed = difference === undefined;
      if (passed) deploymentHeight = info.deploymentHeight;
      return difference;
    },
    repeat() {
      passed = false;
    },
    deploymentHeight: () => deploymentHeight,
  };
}

async function readReserve(source: Pick<TempoChain, 'reserveInfo'>): Promise<ReserveInfo | undefined> {
  try {
    return await source.reserveInfo();
  } catch (error) {
    if (error instanceof TempoError && error.code === 'WRONG_RESERVE') return undefined;
    throw error;
  }
}

function differenceOf(network: Network, info: ReserveInfo): string | undefined {
  const reserve = `the reserve ${network.domain.reserve}`;
  if (info.domainSeparator !== domainSeparator(network.domain)) {
    return `${reserve} has another domain (chain id or salt) than the network manifest`;
  }
  if (info.epoch !== network.committee.epoch) {
    return `${reserve} is in epoch ${info.epoch}, the network manifest in ${network.committee.epoch}`;
  }
  if (info.committeeHash !== committeeHash(network.committee)) {
    return `${reserve} has another committee than the network manifest`;
  }
  if (info.exitDelaySeconds !== network.exitDelaySeconds) {
    return `${reserve} has an exit delay of ${info.exitDelaySeconds} s, the network manifest of ${network.exitDelaySeconds} s`;
  }
  return undefined;
}
