import { decodeEvidence, type Evidence, encodeEvidence, evidenceSubject } from '@fastpay/protocol';
import { evidenceKey } from './keys.ts';
import { readRow } from './row.ts';

/** Which evidence counts as the same: of one kind, against one signer, about one slot (§13). */
export interface EvidenceId {
  readonly type: Evidence['type'];
  readonly signer: number;
  readonly slot: ReturnType<typeof evidenceSubject>['slot'];
}

export const EVIDENCE_TYPES = ['votes', 'commits', 'promise'] as const satisfies readonly Evidence['type'][];

export function evidenceIdOf(evidence: Evidence): EvidenceId {
  const { signer, slot } = evidenceSubject(evidence);
  return { type: evidence.type, signer, slot };
}

export function evidenceRowKey({ type, signer, slot }: EvidenceId): Uint8Array {
  return evidenceKey(signer, EVIDENCE_TYPES.indexOf(type), slot);
}

/** The canonical form of §13. */
export const encodeEvidenceRow: (evidence: Evidence) => Uint8Array = encodeEvidence;

export function decodeEvidenceRow(bytes: Uint8Array): Evidence {
  return readRow('evidence', bytes, (reader) => decodeEvidence(reader.raw(bytes.length)));
}
