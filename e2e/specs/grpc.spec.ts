import { fund } from '../fixtures/funds.ts';
import { createGenericWallet, readGenericNetwork, validOrder } from '../fixtures/generic-wallet.ts';
import { connectPlainGrpc, toMessage } from '../fixtures/plain-grpc.ts';
import { readAccount } from '../fixtures/relay-rest.ts';
import { expect, programTest as test } from '../fixtures/test.ts';

test.describe('a program that knows the .proto files and EIP-712 and nothing else', () => {
  test('gets a vote for its order from every validator, and the same vote again', async ({ devnet }) => {
    const network = readGenericNetwork(devnet.runtime.networkFile);
    const payer = createGenericWallet();
    await fund(devnet, [payer.address], 5_000_000n);
    const order = validOrder(network, { sender: payer.address, recipient: createGenericWallet().address });
    const signed = await payer.sign(order, network.domain);

    for (const [signer, { url }] of devnet.runtime.validators.entries()) {
      const validator = connectPlainGrpc(url);
      try {
        const outcome = await validator.call('SubmitOrder', { signedOrder: toMessage(signed) });
        expect(outcome).toMatchObject({
          answer: {
            vote: {
              ballot: {
                slot: { owner: Buffer.from(payer.address.slice(2), 'hex') },
                value: Buffer.from(signed.transactionHash.slice(2), 'hex'),
              },
              signature: { signature: expect.objectContaining({ length: 64 }) },
            },
          },
        });
        expect(await validator.call('SubmitOrder', { signedOrder: toMessage(signed) })).toEqual(outcome);
        // The first of the committee is index 0, which the wire leaves out.
        expect(outcome).toMatchObject({ answer: { vote: { signature: signer === 0 ? {} : { signer } } } });
      } finally {
        validator.close();
      }
    }
    // Votes alone move nothing.
    const account = await readAccount(devnet.relayUrl, payer.address, network.asset);
    expect(account.quorum).toEqual({ balance: '5000000', next: '0' });
  });

  test('reads who a validator is and where it sees the chain', async ({ devnet }) => {
    const [first] = devnet.runtime.validators;
    const validator = connectPlainGrpc(first?.url ?? '');
    try {
      const info = await validator.call('GetValidatorInfo', {});
      expect(info).toMatchObject({ answer: { name: 'Dave', stake: '1', committeeHash: expect.any(Buffer) } });
      const head = await validator.call('GetChainHead', {});
      expect(head).toMatchObject({ answer: { chainHead: { finalized: { height: expect.any(String) } } } });
    } finally {
      validator.close();
    }
  });
});
