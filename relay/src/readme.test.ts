import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configSchema, settings } from './config/schema.ts';
import { refusalReasons } from './sponsor/refusal.ts';
import { startRelayWithSponsor } from './testing/hand-made-node.fixtures.ts';
import { alice } from './testing/network.fixtures.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../README.md');
const operations = read('../../docs/OPERATIONS.md');

let running: Awaited<ReturnType<typeof startRelayWithSponsor>>;
let help: ReadonlyMap<string, string>;
beforeAll(async () => {
  running = await startRelayWithSponsor(alice);
  const text = await (await fetch(`${running.relay.url}/metrics`)).text();
  help = new Map([...text.matchAll(/^# HELP (\w+) (.*)$/gm)].map(([, name = '', what = '']) => [name, what]));
});
afterAll(() => running.stop());

it('explains every metric of the sponsor', () => {
  const metrics = [...help].filter(([name]) => name.startsWith('fastpay_relay_sponsor_'));
  expect(metrics.length).toBeGreaterThan(5);
  for (const [name, what] of metrics) expect(readme).toContain(`| \`${name}\` | ${what} |`);
});

it('explains every setting of the sponsor with its default', () => {
  const { sponsor } = configSchema.shape;
  const defaults: Record<string, unknown> = sponsor.unwrap().parse({ name: 'a', keyFile: 'b', budgetFile: 'c' });
  const required = ['sponsor.name', 'sponsor.keyFile', 'sponsor.budgetFile'];
  const shape: Record<string, { readonly description?: string | undefined }> = sponsor.unwrap().shape;
  const fields = settings.map(({ field }) => field).filter((field) => field.startsWith('sponsor.'));
  expect(fields.length).toBeGreaterThan(8);
  for (const field of fields) {
    const name = field.slice('sponsor.'.length);
    const fallback = required.includes(field) ? 'required' : String(defaults[name] ?? 'the first listed');
    expect(readme).toContain(`| \`${field}\` | ${fallback} | ${shape[name]?.description} |`);
  }
});

it('explains every rate limit with its default', () => {
  const { rateLimits } = configSchema.shape;
  const defaults: Record<string, unknown> = rateLimits.parse(undefined);
  const shape: Record<string, { readonly description?: string | undefined }> = rateLimits.unwrap().shape;
  const names = Object.keys(shape);
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) {
    expect(readme).toContain(`| \`rateLimits.${name}\` | ${defaults[name]} | ${shape[name]?.description} |`);
  }
});

it('and the operator’s page name only metrics that exist, and reasons that exist', () => {
  for (const page of [readme, operations]) {
    const named = new Set(page.match(/fastpay_relay_[a-z_]+/g)?.map((name) => name.replace(/_bucket$/, '')));
    expect([...named].filter((name) => !help.has(name))).toEqual([]);
  }
  const [, runbook = ''] = operations.split('### The sponsor does not pay');
  const [section = ''] = runbook.split('###');
  const listed = [...section.matchAll(/`([a-z]+)`(?=[,:.])/g)].map(([, reason]) => reason);
  const known: readonly string[] = refusalReasons;
  expect(listed.length).toBeGreaterThan(8);
  expect(listed.filter((reason) => reason !== undefined && !known.includes(reason))).toEqual([]);
});
