import { type Address, concatBytes, OrderKind, PATH_USD, toAddress, toHex, unsignedBytes } from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeRelease } from './release.ts';
import { decodeReserveEvents } from './reserve-events.ts';
import { settle } from './settle.ts';
import { createOrder } from './testing/committee.fixtures.ts';
import { accountWordSlot } from './testing/fuzz/storage.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer, payerKinds } from './testing/payers.fixtures.ts';
import { createToken, type TestToken } from './testing/token.fixtures.ts';

let lab: Lab;
let token: TestToken;
beforeAll(async () => {
  lab = await startLab();
  // Gas is paid in another token, so that every base unit of this one is accounted for.
  token = await createToken(lab, 'Test dollar');
  await lab.fund([{ account: lab.settler.address, amount: 1n }], token.address);
});
afterAll(() => lab.stop());

let created = 100;
function newPayer(kind: (typeof payerKinds)[number] = 'secp256k1') {
  created += 1;
  return createPayer(kind, created);
}
type Payer = ReturnType<typeof newPayer>;

function withdraw(from: Payer, to: Address, amount: bigint, fields: { fee?: bigint; sequence?: bigint } = {}) {
  const order = createOrder({
    kind: OrderKind.withdraw,
    asset: token.address,
    sender: from.address,
    recipient: to,
    amount,
    sequence: 0n,
    ...fields,
  });
  return lab.certify(order, from);
}

const tokens = (owner: Address) => lab.tokens(owner, token.address);
const balance = (owner: Address) => lab.balance(owner, token.address);
const owed = async (owner: Address) => (await lab.chain.accountOnChain({ owner, asset: token.address })).owed;
const release = (recipient: Address) =>
  lab.send(lab.treasury, [{ to: lab.reserve, data: encodeRelease(token.address, recipient) }]);

describe('a withdrawal', () => {
  it.each(payerKinds)('sends the token to any Tempo address (%s payer)', async (kind) => {
    const alice = newPayer(kind);
    const outside = newPayer().address;
    await lab.deposit([{ account: alice.address, amount: 1_000_000n }], token.address);
    const held = await tokens(lab.reserve);
    const { outcomes } = await lab.settle([await withdraw(alice, outside, 400_000n, { fee: 3_000n })]);
    expect(outcomes).toEqual(['SETTLED']);
    expect(await tokens(outside)).toBe(400_000n);
    expect(await balance(alice.address)).toBe(597_000n);
    expect(await balance(outside)).toBe(0n);
    // The fee stays, for the settler to fetch.
    expect(held - (await tokens(lab.reserve))).toBe(400_000n);
  });

  it('may go to the payer’s own address', async () => {
    const alice = newPayer();
    await lab.deposit([{ account: alice.address, amount: 10_000n }], token.address);
    expect((await lab.settle([await withdraw(alice, alice.address, 8_000n)])).outcomes).toEqual(['SETTLED']);
    expect(await tokens(alice.address)).toBe(8_000n);
    expect(await balance(alice.address)).toBe(0n);
  });
});

it('a withdrawal is sent or not reached, whatever gas a hostile settler allows it', async () => {
  const alice = newPayer();
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }], token.address);
  let sequence = 0n;
  const seen = new Set<string>();
  for (let gas = 600_000n; gas <= 3_000_000n; gas += 150_000n) {
    const outside = newPayer().address;
    const { outcomes } = await lab.settle([await withdraw(alice, outside, 10n, { sequence })], gas);
    const [outcome = ''] = outcomes;
    seen.add(outcome);
    expect(await owed(outside)).toBe(0n);
    expect(await tokens(outside)).toBe(outcome === 'SETTLED' ? 10n : 0n);
    if (outcome === 'SETTLED') sequence += 1n;
  }
  expect(seen).toEqual(new Set(['NOT_REACHED', 'SETTLED']));
});

describe('fees', () => {
  it('of a batch wait for whoever settles it, and are released to it', async () => {
    const [alice, bob] = [newPayer(), newPayer()];
    await lab.deposit([{ account: alice.address, amount: 1_000_000n }], token.address);
    const before = await owed(lab.settler.address);
    const certificates = await Promise.all(
      [2_000n, 0n, 5_500n].map((fee, index) => {
        const sequence = BigInt(index);
        const fields = { asset: token.address, sender: alice.address, recipient: bob.address, amount: 10n };
        return lab.certify(createOrder({ ...fields, fee, sequence }), alice);
      }),
    );
    expect((await lab.settle(certificates)).outcomes).toEqual(['SETTLED', 'SETTLED', 'SETTLED']);
    expect((await owed(lab.settler.address)) - before).toBe(7_500n);
    expect(await balance(alice.address)).toBe(1_000_000n - 30n - 7_500n);
    const held = await tokens(lab.settler.address);
    await release(lab.settler.address);
    expect((await tokens(lab.settler.address)) - held).toBe(before + 7_500n);
    expect(await owed(lab.settler.address)).toBe(0n);
  });

  it('wait beside the balance of who settles what it received, and are none of it', async () => {
    const [alice, bob] = [newPayer(), newPayer()];
    await lab.fund([{ account: bob.address, amount: 10_000_000n }]);
    await lab.deposit([{ account: alice.address, amount: 10_000n }], token.address);
    const order = (from: Payer, to: Payer, amount: bigint) =>
      createOrder({
        asset: token.address,
        sender: from.address,
        recipient: to.address,
        amount,
        fee: 100n,
        sequence: 0n,
      });
    const { rpcUrl } = lab.node;
    const own = { rpcUrl, reserve: lab.reserve, signer: bob, committee: lab.committee.committee, feeToken: PATH_USD };
    expect(
      (await settle({ ...own, certificates: [await lab.certify(order(alice, bob, 1_000n), alice)] })).outcomes,
    ).toEqual(['SETTLED']);
    expect(await balance(bob.address)).toBe(1_000n);
    expect(await owed(bob.address)).toBe(100n);
    // It can neither be spent nor gets lost when the word changes.
    const tooMuch = await lab.certify(order(bob, alice, 901n), bob);
    expect((await settle({ ...own, certificates: [tooMuch] })).outcomes).toEqual(['INSUFFICIENT_BALANCE']);
    const all = await lab.certify(order(bob, alice, 900n), bob);
    expect((await settle({ ...own, certificates: [all] })).outcomes).toEqual(['SETTLED']);
    await lab.deposit([{ account: bob.address, amount: 7n }], token.address);
    expect(await balance(bob.address)).toBe(7n);
    expect(await owed(bob.address)).toBe(200n);
    expect((await lab.chain.accountOnChain({ owner: bob.address, asset: token.address })).nextSequence).toBe(1n);
    await release(bob.address);
    expect(await tokens(bob.address)).toBe(200n);
    expect(await balance(bob.address)).toBe(7n);
    expect(await owed(bob.address)).toBe(0n);
  });

  it('that no longer fit there wait all the same', async () => {
    const [alice, bob] = [newPayer(), newPayer()];
    const MAX_U64 = (1n << 64n) - 1n;
    await lab.deposit([{ account: alice.address, amount: 10_000n }], token.address);
    const place = accountWordSlot(token.address, lab.settler.address);
    const word = toHex(concatBytes(unsignedBytes(5n, 16), unsignedBytes(MAX_U64 - 99n, 8), unsignedBytes(3n, 8)));
    await lab.rpc.request('anvil_setStorageAt', [lab.reserve, place, word]);
    const fields = { asset: token.address, sender: alice.address, recipient: bob.address, amount: 1n, fee: 100n };
    const certificates = [await lab.certify(createOrder({ ...fields, sequence: 0n }), alice)];
    expect((await lab.settle(certificates)).outcomes).toEqual(['SETTLED']);
    expect(await lab.chain.accountOnChain({ owner: lab.settler.address, asset: token.address })).toMatchObject({
      balance: 5n,
      nextSequence: 3n,
      owed: MAX_U64 + 1n,
    });
    await lab.rpc.request('anvil_setStorageAt', [lab.reserve, place, toHex(new Uint8Array(32))]);
    expect(await owed(lab.settler.address)).toBe(100n);
    await release(lab.settler.address);
    expect(await owed(lab.settler.address)).toBe(0n);
  });

  it('of refused entries go to nobody', async () => {
    const alice = newPayer();
    await lab.deposit([{ account: alice.address, amount: 10_000n }], token.address);
    const before = await owed(lab.settler.address);
    const certificate = await withdraw(alice, alice.address, 9_000n, { fee: 2_000n });
    expect((await lab.settle([certificate])).outcomes).toEqual(['INSUFFICIENT_BALANCE']);
    expect(await owed(lab.settler.address)).toBe(before);
  });
});

describe('what the token refuses to send', () => {
  it('is owed to the recipient, stays out of the ledger, and is released later by anyone', async () => {
    const [alice, bob] = [newPayer(), newPayer()];
    await lab.deposit([{ account: alice.address, amount: 1_000_000n }], token.address);
    await token.block(bob.address);
    const held = await tokens(lab.reserve);

    const { outcomes, receipt } = await lab.settle([
      await withdraw(alice, bob.address, 300_000n, { fee: 0n }),
      await withdraw(alice, bob.address, 5n, { fee: 0n, sequence: 1n }),
    ]);
    expect(outcomes).toEqual(['SETTLED', 'SETTLED']);
    const events = decodeReserveEvents(receipt.logs, lab.reserve);
    expect(events.filter(({ type }) => type === 'owed')).toMatchObject([
      { asset: token.address, recipient: bob.address, amount: 300_000n },
      { asset: token.address, recipient: bob.address, amount: 5n },
    ]);
    expect(await balance(alice.address)).toBe(699_995n);
    expect(await balance(bob.address)).toBe(0n);
    expect(await tokens(lab.reserve)).toBe(held);
    expect(await owed(bob.address)).toBe(300_005n);

    await expect(release(bob.address)).rejects.toMatchObject({ code: 'REVERTED' });
    expect(await owed(bob.address)).toBe(300_005n);

    await token.unblock(bob.address);
    const released = await release(bob.address);
    expect(decodeReserveEvents(released.logs, lab.reserve)).toMatchObject([
      { type: 'released', asset: token.address, recipient: bob.address, amount: 300_005n },
    ]);
    expect(await tokens(bob.address)).toBe(300_005n);
    expect(await owed(bob.address)).toBe(0n);
    await expect(release(bob.address)).rejects.toMatchObject({ code: 'REVERTED' });
    expect(await tokens(bob.address)).toBe(300_005n);
  });

  it('does not hold up the rest of the batch when the whole token is paused', async () => {
    const [alice, bob] = [newPayer(), newPayer()];
    await lab.deposit([{ account: alice.address, amount: 1_000_000n }], token.address);
    await token.pause();
    const fields = { asset: token.address, sender: alice.address, recipient: bob.address, amount: 10n };
    const { outcomes } = await lab.settle([
      await withdraw(alice, bob.address, 70n),
      await lab.certify(createOrder({ ...fields, sequence: 1n }), alice),
    ]);
    expect(outcomes).toEqual(['SETTLED', 'SETTLED']);
    expect(await balance(bob.address)).toBe(10n);
    expect(await owed(bob.address)).toBe(70n);
    await token.unpause();
    await release(bob.address);
    expect(await tokens(bob.address)).toBe(70n);
  });

  it('cannot be released to anyone else, nor in another asset', async () => {
    const nobody = toAddress(`0x${'55'.repeat(20)}`);
    await expect(release(nobody)).rejects.toMatchObject({ code: 'REVERTED' });
    const call = { to: lab.reserve, data: encodeRelease(PATH_USD, lab.settler.address) };
    await expect(lab.send(lab.treasury, [call])).rejects.toMatchObject({ code: 'REVERTED' });
  });
});
