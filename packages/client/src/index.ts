export type {
  AccountView,
  ActivityItem,
  Client,
  ObservedStanding,
  PaymentEnding,
  PaymentIntent,
  PaymentProgress,
  PendingPayment,
  RoundProgress,
  StageTimes,
  StoredClosure,
} from './client.ts';
export { type ClientDependencies, type ClientOptions, createClient } from './create-client.ts';
export {
  ClientError,
  type ClientErrorCode,
  ConflictingCertificatesError,
  PaymentPendingError,
  StoreError,
  type StoreErrorCode,
  WrongNetworkError,
} from './errors.ts';
export { clientLimits } from './limits.ts';
export { networkId, pinNetwork } from './network-id.ts';
export {
  type KeepFinishingDependencies,
  type KeepFinishingOptions,
  keepFinishing,
} from './payment/keep-finishing.ts';
export { type Clock, systemClock } from './ports/clock.ts';
export { createProcessLocks, createWebLocks, type SigningLocks } from './ports/locks.ts';
export { type RandomBytes, systemRandom } from './ports/random.ts';
export { createWakeUps, noWakeUps, type WakeUps } from './ports/wake.ts';
export { encodeReceipt, verifyReceipt } from './receipt.ts';
export { createRelaySponsor, type DepositSponsor, type SponsorOffer } from './relay/relay-sponsor.ts';
export { createRelayTransport, type RelayTransportOptions } from './relay/relay-transport.ts';
export { checksummed, parseAddress } from './request/address-text.ts';
export {
  decodePaymentRequest,
  encodePaymentLink,
  encodePaymentRequest,
  type PaymentRequest,
} from './request/payment-request.ts';
export type {
  ActivityRecord,
  ClientStore,
  JournalAnswer,
  JournalEntry,
  JournaledRound,
  NetworkPin,
  NewCertificate,
  NewJournalEntry,
  ProposedRound,
  RoundAnswer,
} from './store/client-store.ts';
export type { IndexedDbOptions } from './store/indexeddb-rows.ts';
export { createMemoryStore, deleteClientStore, openClientStore } from './store/open-client-store.ts';
export type {
  AccountEvent,
  AccountLogPage,
  BlockReference,
  ChainHead,
  CollectedPromises,
  FundingClosure,
  PaymentStatus,
  SettlementHint,
  Transport,
  TransportPaymentEvent,
  ValidatorStatus,
} from './transport.ts';
