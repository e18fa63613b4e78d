import type { ServiceImpl } from '@connectrpc/connect';
import { limits } from '@fastpay/protocol';
import { evidenceFromProto, evidenceToProto, type ValidatorService } from '@fastpay/rpc';
import { callKey } from './call.ts';
import type { ServiceDependencies } from './dependencies.ts';
import { pageSize } from './store-id.ts';

type Methods = Pick<ServiceImpl<typeof ValidatorService>, 'listEvidence' | 'reportEvidence'>;

const USUAL_PAGE = 100;

/** Proof of misbehaviour (§13): anyone may hand it in, and it is verified before it is kept and published. */
export function createEvidenceMethods({ validator, syncLimit }: ServiceDependencies): Methods {
  return {
    listEvidence(request, { values }) {
      syncLimit.take(values.get(callKey).remote);
      const limit = pageSize(request.limit, { most: limits.bulletinPage, usual: USUAL_PAGE });
      return { evidence: validator.evidence(limit).map(evidenceToProto) };
    },

    async reportEvidence(request, { values }) {
      syncLimit.take(values.get(callKey).remote);
      return { kept: await validator.report(evidenceFromProto(request.evidence)) };
    },
  };
}
