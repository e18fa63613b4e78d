import { RejectError } from '@fastpay/protocol';

type Fetch = typeof globalThis.fetch;

/**
 * `fetch` whose answers break off behind `mostBytes`. Connect reads unary answers whole, and each message of a stream
 * whole, however long they say they are: without a bound a relay could fill a wallet's memory.
 */
export function createBoundedFetch(fetch: Fetch, mostBytes: number): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.body) return response;
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(boundTo(mostBytes)), { status, statusText, headers });
  };
}

function boundTo(mostBytes: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let length = 0;
  return new TransformStream({
    transform(chunk, controller) {
      length += chunk.length;
      if (length <= mostBytes) controller.enqueue(chunk);
      // Also cancels what the answer still holds.
      else controller.error(tooLong(mostBytes));
    },
  });
}

function tooLong(mostBytes: number): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', `the relay's answer is longer than ${mostBytes} bytes`);
}
