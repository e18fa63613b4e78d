import { expect, test } from 'vitest';
import * as client from './index.ts';

test('the package exports these names', () => {
  expect(Object.keys(client).toSorted()).toMatchInlineSnapshot(`
    [
      "ClientError",
      "ConflictingCertificatesError",
      "PaymentPendingError",
      "StoreError",
      "WrongNetworkError",
      "checksummed",
      "clientLimits",
      "createClient",
      "createMemoryStore",
      "createProcessLocks",
      "createRelaySponsor",
      "createRelayTransport",
      "createWakeUps",
      "createWebLocks",
      "decodePaymentRequest",
      "deleteClientStore",
      "encodePaymentLink",
      "encodePaymentRequest",
      "encodeReceipt",
      "keepFinishing",
      "networkId",
      "noWakeUps",
      "openClientStore",
      "parseAddress",
      "pinNetwork",
      "systemClock",
      "systemRandom",
      "verifyReceipt",
    ]
  `);
});
