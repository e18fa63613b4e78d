import { cpus } from 'node:os';
import { measure } from './bench/measure.ts';
import { paymentBenches } from './bench/payments.ts';
import { primitiveBenches } from './bench/primitives.ts';

/**
 * Operations per second of processor time, each as a share of the bare native calls in the same run: absolutes change
 * with the machine and its neighbours, the shares hardly.
 */

const write = (line: string) => process.stdout.write(`${line}\n`);
const row = (name: string, rate: number, share: number) =>
  write(`  ${name.padEnd(38)}${Math.round(rate).toLocaleString('en').padStart(10)} /s${share.toFixed(2).padStart(8)}`);

write(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}; operations per second of processor time`);

for (const { title, ceiling, subjects } of [...(await primitiveBenches()), ...(await paymentBenches())]) {
  const rates = await measure([ceiling, ...subjects]);
  const best = rates.get(ceiling.name) ?? Number.NaN;
  write(`\n${title}`);
  for (const [name, rate] of rates) row(name, rate, rate / best);
}
