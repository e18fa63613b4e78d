import type { Hex } from '@fastpay/protocol';
import {
  type SponsoredTransaction,
  type SponsorOffer,
  sponsorDepositRequestToProto,
  sponsoredTransactionFromProto,
  sponsorOfferFromProto,
} from '@fastpay/rpc';
import { answer } from './answer.ts';
import { createRelayCalls } from './relay-calls.ts';
import type { RelayTransportOptions } from './relay-transport.ts';

export type { SponsorOffer } from '@fastpay/rpc';

/** Who pays for the gas of deposits, if anybody does. Every method throws RejectError and nothing else. */
export interface DepositSponsor {
  /** Nothing while nobody pays. */
  offer(): Promise<SponsorOffer | undefined>;
  /** The deposit with the sponsor's signature; to be checked. Sending it is up to the caller. */
  sign(rawTransaction: Hex): Promise<SponsoredTransaction>;
}

/** The operator of a relay as a sponsor, over Connect. */
export function createRelaySponsor(options: RelayTransportOptions): DepositSponsor {
  const relay = createRelayCalls(options);
  const { timeoutMs = 15_000 } = options;
  const call = { timeoutMs };
  return {
    offer: () =>
      answer(relay.getSponsorOffer({}, call), ({ offer }) => (offer ? sponsorOfferFromProto(offer) : undefined)),
    sign: (rawTransaction) =>
      answer(relay.sponsorDeposit(sponsorDepositRequestToProto(rawTransaction), call), sponsoredTransactionFromProto),
  };
}
