import { type CommitCertificate, slotOf } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { selfSettleOffer } from './selfSettle.ts';
import { hashOf, itemOf, orderOf } from './wallet.fixtures.ts';

const certificate: CommitCertificate = {
  type: 'commit',
  epoch: 0n,
  slot: slotOf(orderOf()),
  round: 0,
  value: hashOf(1),
  signedOrder: { order: orderOf(), payerSignature: new Uint8Array(65) },
  signatures: [],
};
const paid = itemOf(1, { stage: 'QUEUED_ONCHAIN', certificate });

test('what is paid can be settled by whoever holds its certificate, until it was', () => {
  expect(selfSettleOffer(paid, undefined)).toBe('offer');
  expect(selfSettleOffer(paid, { failed: 'reverted' })).toBe('offer');
  expect(selfSettleOffer(paid, { failed: false })).toBe('none');
  expect(selfSettleOffer(itemOf(1, { stage: 'CERTIFIED' }), undefined)).toBe('none');
  expect(selfSettleOffer(itemOf(1, { stage: 'SKIPPED', certificate }), undefined)).toBe('none');
});

test('a relay that says that it is on the chain cannot take that away', () => {
  for (const stage of ['INCLUDED', 'FINALIZED'] as const) {
    expect(selfSettleOffer({ ...paid, observed: { stage } }, undefined)).toBe('doubt');
    expect(selfSettleOffer({ ...paid, observed: { stage } }, { failed: 'reverted' })).toBe('doubt');
    expect(selfSettleOffer({ ...paid, observed: { stage } }, { failed: false })).toBe('none');
  }
});
