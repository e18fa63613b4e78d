import { expect, test } from 'vitest';
import { DevnetError } from '../../error.ts';
import { metricIn } from './read-validator.ts';

const page = '# HELP fastpay_evidence Proofs\nfastpay_evidence_dropped_total 7\nfastpay_evidence 2\nfastpay_ready 1\n';

test('a metric is read by its whole name', () => {
  expect(metricIn(page, 'fastpay_evidence')).toBe(2);
});

test('an alarm that is not there is no silent alarm', () => {
  expect(() => metricIn(page, 'fastpay_observing')).toThrow(DevnetError);
});
