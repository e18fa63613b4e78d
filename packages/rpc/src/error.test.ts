import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { type RejectCode, RejectError, rejectMeanings } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { RejectSchema } from './gen/fastpay/v1/types_pb.ts';
import { createRejectInterceptor, rejectFromError, toConnectError, ValidatorService } from './index.ts';

function clientOf(fail: () => never, onUnexpected: (error: unknown) => void = () => {}) {
  const transport = createRouterTransport(
    ({ service }) => {
      service(ValidatorService, {
        getChainHead: fail,
        watchBulletin: async function* () {
          yield await Promise.resolve({});
          fail();
        },
      });
    },
    { router: { interceptors: [createRejectInterceptor(onUnexpected)] } },
  );
  return createClient(ValidatorService, transport);
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}

async function drain(messages: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of messages) count++;
  return count;
}

describe('a refusal', () => {
  const reject = new RejectError('INSUFFICIENT_FUNDS', 'the balance is 5', { balance: -5n, expectedSequence: 7n });

  test('arrives with its code, message and facts after a unary call', async () => {
    const client = clientOf(() => {
      throw reject;
    });
    const error = await failureOf(client.getChainHead({}));
    expect(ConnectError.from(error).code).toBe(Code.FailedPrecondition);
    const received = rejectFromError(error);
    expect(received).toMatchObject({ code: reject.code, message: reject.message, facts: reject.facts });
    expect(received.money).toBe(rejectMeanings.INSUFFICIENT_FUNDS.money);
  });

  test('arrives the same way in the middle of a stream', async () => {
    const client = clientOf(() => {
      throw reject;
    });
    const error = await failureOf(drain(client.watchBulletin({})));
    expect(rejectFromError(error)).toMatchObject({ code: reject.code, facts: reject.facts });
  });

  test.each(Object.keys(rejectMeanings) as RejectCode[])('%s has a Connect status and comes back as itself', (code) => {
    const error = toConnectError(new RejectError(code, 'why'));
    expect(error.code).not.toBe(Code.Unknown);
    expect(rejectFromError(error).code).toBe(code);
  });
});

describe('what is not a refusal', () => {
  test('an unexpected error is logged and reaches the caller without its text', async () => {
    const seen: unknown[] = [];
    const bug = new TypeError('secret detail');
    const client = clientOf(
      () => {
        throw bug;
      },
      (error) => seen.push(error),
    );
    const error = await failureOf(client.getChainHead({}));
    expect(seen).toEqual([bug]);
    expect(String(error)).not.toContain('secret');
    expect(rejectFromError(error).code).toBe('TEMPORARILY_UNAVAILABLE');
  });

  test('a caller that left in the middle of its request is no failure of ours', async () => {
    const seen: unknown[] = [];
    const gone = Object.assign(new Error('Premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
    const client = clientOf(
      () => {
        throw gone;
      },
      (error) => seen.push(error),
    );
    expect(ConnectError.from(await failureOf(client.getChainHead({}))).code).toBe(Code.Canceled);
    expect(seen).toEqual([]);
  });

  test.each([
    new ConnectError('connect ECONNREFUSED 10.0.0.1', Code.Unavailable),
    new ConnectError('late', Code.DeadlineExceeded),
    new ConnectError('x', Code.Unimplemented),
    new TypeError('fetch failed'),
    'a string',
    undefined,
  ])('%s becomes TEMPORARILY_UNAVAILABLE in plain words', (error) => {
    const reject = rejectFromError(error);
    expect(reject.code).toBe('TEMPORARILY_UNAVAILABLE');
    expect(reject.cause).toBe(error);
    expect(reject.message).not.toContain('ECONNREFUSED');
  });

  test('a Reject detail that cannot be read says nothing definite', () => {
    const value = create(RejectSchema, { code: 'SPENT_TWICE', message: 'no such code' });
    const error = new ConnectError('x', Code.InvalidArgument, undefined, [{ desc: RejectSchema, value }]);
    expect(rejectFromError(error).code).toBe('TEMPORARILY_UNAVAILABLE');
  });
});
