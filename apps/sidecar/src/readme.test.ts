import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settings } from './config/settings.ts';
import { createMetrics } from './observe/metrics.ts';
import { createSettlerMetrics } from './settler/metrics.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('explains every setting with its default', () => {
  for (const { flag, variable, description, fallback } of settings) {
    const shown = Array.isArray(fallback)
      ? 'none'
      : fallback === ''
        ? 'empty'
        : fallback === undefined
          ? 'required'
          : String(fallback);
    expect(readme).toContain(`| \`${flag}\` | \`${variable}\` | ${shown} | ${description} |`);
  }
});

it('explains every metric', async () => {
  const { registry } = createMetrics({ withProcess: false });
  createSettlerMetrics(registry);
  const metrics = await registry.getMetricsAsJSON();
  for (const { name, help } of metrics) expect(readme).toContain(`| \`${name}\` | ${help} |`);
});

it('runs an operator’s page on metrics that exist, and alerts on runbooks that exist', async () => {
  const page = readFileSync(new URL('../../../docs/OPERATIONS.md', import.meta.url), 'utf8');
  const { registry } = createMetrics({ withProcess: false });
  createSettlerMetrics(registry);
  const metrics = await registry.getMetricsAsJSON();
  const known = new Set(metrics.map(({ name }) => name));
  // Those of a relay are held against the relay, beside it.
  const named = new Set(page.match(/fastpay_(?!relay_)[a-z_]+/g)?.map((name) => name.replace(/_bucket$/, '')));
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
  const runbooks = [...page.matchAll(/runbook: "([^"]+)"/g)].map(([, title]) => title);
  expect(runbooks.length).toBeGreaterThan(10);
  for (const title of runbooks) expect(page).toContain(`\n### ${title}\n`);
});
