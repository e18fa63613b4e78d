import type { Hex } from '@fastpay/protocol';
import { fuzz, fuzzLine, jsonTarget, textTarget } from '@fastpay/protocol/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRelayWithSponsor } from '../testing/hand-made-node.fixtures.ts';
import { alice } from '../testing/network.fixtures.ts';
import type { TestRelay } from '../testing/relay.fixtures.ts';
import * as schemas from './schemas.ts';
import { toJson } from './to-json.ts';

let relay: TestRelay;
let half: Hex;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ relay, half, stop } = await startRelayWithSponsor(alice));
});
afterAll(() => stop());

/** What a caller may be told: the answer, or a problem that is the caller's. */
class Refused extends Error {}
const isTyped = (error: unknown) => error instanceof Refused;

async function ask(path: string, body?: string): Promise<void> {
  const { response, body: answer } = await relay.json(path, body);
  if (response.status < 300) return;
  const problem = schemas.problem.parse(answer);
  if (response.status >= 500) throw new Error(`${response.status} ${JSON.stringify(problem)}`);
  throw new Refused(problem.code);
}

/** Two thousand requests; on a machine that does much else they take a minute. */
const HANG_MS = 180_000;

test(
  'the REST face answers garbage with problems, in bounded time and memory',
  async ({ annotate }) => {
    const signedOrder = await relay.net.sign(alice);
    const { transactionHash } = relay.net.request(signedOrder);
    const certificate = toJson(await relay.net.commitCertificate(signedOrder, [0, 1, 2]));
    const payment = { signedOrder: toJson(signedOrder), attachments: [certificate] };
    const { slot, value } = certificate;
    const round = { epoch: '0', slot, round: 1 };
    const authority = { signature: toJson(signedOrder).payerSignature };
    const signatures = certificate.signatures.map(({ signer, signature }) => ({
      signer,
      signature: signature.slice(0, -2),
    }));
    const proposal = {
      proposal: { ...round, value, signedOrder: payment.signedOrder, ...authority },
      promises: signatures.map((signature) => ({ ...round, lock: { epoch: '0', round: 0, value }, signature })),
      lockCertificates: [{ ...certificate, type: 'quorum', signatures }],
      attachments: [certificate],
    };
    const call = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] };
    const post = (path: string, sample: unknown) => [
      jsonTarget({
        name: `post ${path}`,
        samples: [sample],
        decode: (json) => ask(path, JSON.stringify(json)),
        isTyped,
      }),
      textTarget({
        name: `post ${path}, broken JSON`,
        samples: [JSON.stringify(sample)],
        decode: (text) => ask(path, text),
        isTyped,
        longest: 300_000,
      }),
    ];
    const get = (path: string, sample: string) =>
      textTarget({
        name: `get ${path}`,
        samples: [sample],
        // As a browser sends it: what no URL may hold is escaped.
        decode: (text) => ask(path + encodeURI(text).replaceAll('#', '%23')),
        isTyped,
        // Beyond 16 KiB it is Node that refuses, before there is a request.
        longest: 1_500,
      });
    // Everything but the signature of a stranger is right, so that what is tampered with meets every check.
    for (const [path, body] of [
      ['/v1/rounds', { newRound: { ...round, ...authority } }],
      ['/v1/proposals', proposal],
    ] as const) {
      expect((await relay.json(path, body)).body).toMatchObject({ code: expect.stringMatching(/^INVALID_(SIG|CERT)/) });
    }
    const report = await fuzz(
      [
        ...post('/v1/payments?wait=none', payment),
        ...post('/v1/certificates', { certificate }),
        ...post('/v1/rounds', { newRound: { ...round, ...authority }, attachments: [certificate] }),
        ...post('/v1/proposals', proposal),
        ...post('/v1/tempo', call),
        ...post('/v1/sponsor', { rawTransaction: half }),
        get('/v1/payments/', transactionHash),
        get('/v1/payments/', `${transactionHash}/closure`),
        get('/v1/evidence', '?limit=10'),
        get('/v1/accounts/', `${alice.address}/${signedOrder.order.asset}`),
        get('/v1/bulletin', `?limit=10&signer=1&owner=${alice.address}`),
      ],
      100,
    );
    await annotate(fuzzLine('relay REST', report));
    expect(report.taken).toBeGreaterThan(10);
    expect(report.cases - report.taken).toBeGreaterThan(report.cases / 2);
    expect(relay.broken).toEqual([]);
  },
  HANG_MS,
);
