export type {
  AccountView,
  ActivityItem,
  Client,
  ObservedStanding,
  PaymentIntent,
  PaymentProgress,
  PendingPayment,
  StageTimes,
} from './client.ts';
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
export { type Clock, systemClock } from './ports/clock.ts';
export { createProcessLocks, createWebLocks, type SigningLocks } from './ports/locks.ts';
export { type RandomBytes, systemRandom } from './ports/random.ts';
export { createWakeUps, noWakeUps, type WakeUps } from './ports/wake.ts';
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
  NetworkPin,
  NewCertificate,
  NewJournalEntry,
} from './store/client-store.ts';
export type {
  AccountEvent,
  BlockReference,
  CertificatePage,
  ChainHead,
  PaymentStatus,
  StatementAnswer,
  Transport,
  TransportPaymentEvent,
  ValidatorStatus,
} from './transport.ts';
