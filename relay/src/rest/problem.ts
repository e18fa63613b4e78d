import {
  decodeCommitCertificate,
  decodeSignedOrder,
  type RejectCode,
  type RejectError,
  type RejectFacts,
} from '@fastpay/protocol';
import type { z } from 'zod';
import type { problem } from './schemas.ts';
import { toJson } from './to-json.ts';

export type Problem = z.infer<typeof problem>;

const statusByCode: Record<RejectCode, number> = {
  INVALID_FORMAT: 400,
  INVALID_SIGNATURE: 400,
  INVALID_CERTIFICATE: 400,
  WRONG_CHAIN: 400,
  NOT_PAYMENT: 400,
  EXPIRED: 422,
  FEE_TOO_LOW: 422,
  INSUFFICIENT_FUNDS: 422,
  EXITING: 422,
  MISSING_PARENT: 422,
  MISSING_PREDECESSOR: 409,
  SEQUENCE_TOO_LOW: 409,
  SEQUENCE_TOO_HIGH: 409,
  EQUIVOCATION: 409,
  STALE_ROUND: 409,
  RATE_LIMITED: 429,
  NOT_SPONSORED: 422,
  STALE_CHAIN: 503,
  TEMPORARILY_UNAVAILABLE: 503,
};

export function problemOfReject(reject: RejectError, status = statusByCode[reject.code]): Problem {
  return {
    type: typeOf(reject.code),
    title: titleOf(reject.code),
    status,
    code: reject.code,
    detail: reject.message,
    money: reject.money,
    action: reject.action,
    retryable: reject.retryable,
    facts: factsToJson(reject.facts),
  };
}

/** What no reject code says. */
export function problemOf(code: 'NOT_FOUND' | 'METHOD_NOT_ALLOWED' | 'INTERNAL', detail: string): Problem {
  const status = { NOT_FOUND: 404, METHOD_NOT_ALLOWED: 405, INTERNAL: 500 }[code];
  const isInternal = code === 'INTERNAL';
  return {
    type: typeOf(code),
    title: titleOf(code),
    status,
    code,
    detail,
    money: isInternal ? 'A payment sent with this request may still complete.' : 'Nothing was changed by this request.',
    action: isInternal
      ? 'Send the same bytes again, here or through another relay; they can only ever be paid once.'
      : 'GET /v1/openapi.json describes what there is.',
    retryable: isInternal,
    facts: {},
  };
}

function typeOf(code: string): string {
  return `urn:fastpay:problem:${code.toLowerCase().replaceAll('_', '-')}`;
}

/** INSUFFICIENT_FUNDS is titled "Insufficient funds". */
function titleOf(code: string): string {
  return code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ');
}

function factsToJson({ storedOrder, commitCertificate, ...facts }: RejectFacts): Problem['facts'] {
  return toJson({
    ...facts,
    storedOrder: storedOrder && decodeSignedOrder(storedOrder),
    commitCertificate: commitCertificate && decodeCommitCertificate(commitCertificate),
  });
}

/** Ends a request with a problem that no reject code says. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}
