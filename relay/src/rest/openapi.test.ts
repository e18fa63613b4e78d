import { type Hex, type RoundAuthority, slotOf, toHex } from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startRelayWithSponsor } from '../testing/hand-made-node.fixtures.ts';
import { alice } from '../testing/network.fixtures.ts';
import type { TestRelay } from '../testing/relay.fixtures.ts';
import { promisesToJson } from './json.ts';
import { toJson } from './to-json.ts';

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Record<string, { readonly content: Content }>;
}
type Content = Record<string, { readonly schema: Record<string, unknown> }>;
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Record<string, unknown>> };
}

let relay: TestRelay;
let half: Hex;
let stop: () => Promise<void>;
let document: Document;
beforeAll(async () => {
  ({ relay, half, stop } = await startRelayWithSponsor(alice));
  document = (await relay.json('/v1/openapi.json')).body as Document;
});
afterAll(() => stop());

/** Reads the published JSON Schema back, so that answers are held against the document and not against its source. */
function published(schema: Record<string, unknown>): z.ZodType {
  const definitions = JSON.parse(
    JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
  );
  const root = JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'));
  return z.fromJSONSchema({ ...root, $defs: definitions });
}

async function calls(): Promise<Record<string, () => Promise<{ response: Response; body: unknown; sent?: unknown }>>> {
  const signedOrder = await relay.net.sign(alice);
  const { transactionHash } = relay.net.request(signedOrder);
  const payment = { signedOrder: toJson(signedOrder) };
  const certificate = { certificate: toJson(await relay.net.commitCertificate(signedOrder, [0, 1, 2])) };
  const rpc = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] };
  const newRound = await relay.net.newRound(alice, slotOf(signedOrder.order), 1);
  const proven = await Promise.all([0, 1, 2].map((signer) => relay.net.promise(signer, newRound)));
  const { proposal, promises } = await relay.net.proposal(alice, newRound, proven);
  const { authority: _authority, ...unsigned } = { ...proposal, epoch: `${proposal.epoch}` };
  const slot = { ...proposal.slot, sequence: `${proposal.slot.sequence}` };
  const signature = (message: { readonly authority: RoundAuthority }) => toHex(ownersSignature(message.authority));
  const proposalJson = { ...unsigned, slot, signature: signature(proposal) };
  const promisesJson = promisesToJson({ promises: promises.map((promise) => ({ promise })), failures: [] });
  const post = async (path: string, sent: unknown) => ({ ...(await relay.json(path, sent)), sent });
  return {
    'post /v1/payments': () => post('/v1/payments', payment),
    'get /v1/payments/{hash}': () => relay.json(`/v1/payments/${transactionHash}`),
    'get /v1/payments/{hash}/closure': () => relay.json(`/v1/payments/${transactionHash}/closure`),
    'post /v1/rounds': () =>
      post('/v1/rounds', { newRound: { epoch: '0', slot, round: 1, signature: signature(newRound) } }),
    'post /v1/proposals': () =>
      post('/v1/proposals', {
        proposal: proposalJson,
        promises: promisesJson.promises,
        lockCertificates: promisesJson.lockCertificates,
      }),
    'get /v1/evidence': () => relay.json('/v1/evidence'),
    'get /v1/bulletin': () => relay.json('/v1/bulletin'),
    'get /v1/accounts/{owner}/{asset}': () => relay.json(`/v1/accounts/${alice.address}/${signedOrder.order.asset}`),
    'get /v1/committee': () => relay.json('/v1/committee'),
    'get /v1/chain': () => relay.json('/v1/chain'),
    'get /v1/network': () => relay.json('/v1/network'),
    'post /v1/certificates': () => post('/v1/certificates', certificate),
    'post /v1/tempo': () => post('/v1/tempo', rpc),
    'get /v1/sponsor': () => relay.json('/v1/sponsor'),
    'post /v1/sponsor': () => post('/v1/sponsor', { rawTransaction: half }),
  };
}

function ownersSignature(authority: RoundAuthority): Uint8Array {
  if (authority.type !== 'owner') throw new Error('expected an owner');
  return authority.signature;
}

test('every operation of the document is served as it says, and there is no other', async () => {
  const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );
  const served = await calls();
  expect(listed.toSorted()).toEqual(Object.keys(served).toSorted());
  for (const [name, call] of Object.entries(served)) {
    const [method = '', path = ''] = name.split(' ');
    const operation = document.paths[path]?.[method];
    const { response, body, sent } = await call();
    expect([name, response.status]).toEqual([name, 200]);
    const described = operation?.responses['200']?.content['application/json']?.schema;
    expect(published(described ?? {}).safeParse(body).error, name).toBeUndefined();
    const request = operation?.requestBody?.content['application/json']?.schema;
    expect(request === undefined, name).toBe(sent === undefined);
    if (request) expect(published(request).safeParse(sent).error, name).toBeUndefined();
  }
});

test('failures are problems as described', async () => {
  const { body } = await relay.json('/v1/payments/0x12');
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) {
      const schema = operation.responses.default?.content['application/problem+json']?.schema;
      expect(published(schema ?? {}).safeParse(body).error).toBeUndefined();
    }
  }
});

describe('the document', () => {
  test('is OpenAPI 3.1 whose references all lead somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const names = [...JSON.stringify(document).matchAll(/"#\/([^"]*)"/g)].map(([, target]) => target ?? '');
    expect(names.length).toBeGreaterThan(20);
    for (const target of new Set(names)) {
      const [, , name = ''] = target.split('/');
      expect(target).toBe(`components/schemas/${name}`);
      expect(document.components.schemas).toHaveProperty(name);
    }
  });

  test('names every part of a path as a required parameter', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const { parameters = [] } of Object.values(operations)) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path');
        expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(inPath.every(({ required }) => required)).toBe(true);
        expect(parameters.filter((parameter) => parameter.in === 'query' && parameter.required)).toEqual([]);
      }
    }
  });
});
