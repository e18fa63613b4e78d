import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { RejectError, toHex } from '@fastpay/protocol';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anySignedOrder } from './arbitraries.fixtures.ts';
import { orderSubmissionFromProto, signedOrderToProto, toConnectError, ValidatorService } from './index.ts';

/** A caller that has the .proto files and a gRPC library, and none of our code. */
const definition = loadSync('fastpay/v1/validator.proto', {
  includeDirs: [join(import.meta.dirname, '../proto')],
  longs: String,
  oneofs: true,
});

const server = createServer(
  connectNodeAdapter({
    routes: ({ service }) => {
      service(ValidatorService, {
        submitOrder: (request) => {
          const { signedOrder } = orderSubmissionFromProto(request);
          throw toConnectError(new RejectError('EXPIRED', `amount ${signedOrder.order.amount}`));
        },
      });
    },
  }),
);
interface PlainClient extends grpc.Client {
  submitOrder(request: unknown, answer: (error: grpc.ServiceError | null, response: unknown) => void): void;
}
let client: PlainClient;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const loaded = grpc.loadPackageDefinition(definition) as unknown as {
    fastpay: {
      v1: { ValidatorService: new (...parameters: ConstructorParameters<typeof grpc.Client>) => PlainClient };
    };
  };
  const { port } = server.address() as AddressInfo;
  client = new loaded.fastpay.v1.ValidatorService(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
});
afterAll(() => {
  client.close();
  server.close();
});

test('the .proto files alone serve a plain gRPC client', async () => {
  const [signedOrder] = fc.sample(anySignedOrder, { numRuns: 1, seed: 3 });
  if (!signedOrder) throw new Error('no sample');
  const message = signedOrderToProto(signedOrder);
  const request = {
    signedOrder: {
      order: { ...message.order, amount: `${signedOrder.order.amount}`, fee: '1', sequence: '2', validUntil: '3' },
      payerSignature: message.payerSignature,
    },
  };
  const error = await new Promise<grpc.ServiceError | null>((resolve) => client.submitOrder(request, resolve));
  expect(error?.code).toBe(grpc.status.FAILED_PRECONDITION);
  expect(error?.details).toBe(`amount ${signedOrder.order.amount}`);
  expect(toHex(error?.metadata.get('grpc-status-details-bin')[0] as Buffer)).toContain(
    toHex(Buffer.from('EXPIRED')).slice(2),
  );
});
