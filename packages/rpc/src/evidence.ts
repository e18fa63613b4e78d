import { create } from '@bufbuild/protobuf';
import { type Evidence, limits } from '@fastpay/protocol';
import { commitFromProto, commitToProto, voteFromProto, voteToProto } from './ballot.ts';
import { invalidField, listField, requiredField } from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';
import { promiseFromProto, promiseToProto } from './round.ts';

/** Proof of a validator's misbehaviour (§13). */
export function evidenceToProto(evidence: Evidence): pb.Evidence {
  return create(pb.EvidenceSchema, { kind: kindToProto(evidence) });
}

function kindToProto(evidence: Evidence): pb.Evidence['kind'] {
  switch (evidence.type) {
    case 'votes': {
      const pair = { first: voteToProto(evidence.first), second: voteToProto(evidence.second) };
      return { case: 'votes', value: create(pb.VotePairSchema, pair) };
    }
    case 'commits': {
      const pair = { first: commitToProto(evidence.first), second: commitToProto(evidence.second) };
      return { case: 'commits', value: create(pb.CommitPairSchema, pair) };
    }
    case 'promise': {
      const pair = { promise: promiseToProto(evidence.promise), commit: commitToProto(evidence.commit) };
      return { case: 'promise', value: create(pb.PromiseAndCommitSchema, pair) };
    }
  }
}

/** The form only; what it claims is still to be verified. @throws RejectError INVALID_FORMAT. */
export function evidenceFromProto(message: pb.Evidence | undefined, at = 'evidence'): Evidence {
  const { kind } = requiredField(message, at);
  switch (kind.case) {
    case 'votes':
      return {
        type: 'votes',
        first: voteFromProto(kind.value.first, `${at}.votes.first`),
        second: voteFromProto(kind.value.second, `${at}.votes.second`),
      };
    case 'commits':
      return {
        type: 'commits',
        first: commitFromProto(kind.value.first, `${at}.commits.first`),
        second: commitFromProto(kind.value.second, `${at}.commits.second`),
      };
    case 'promise':
      return {
        type: 'promise',
        promise: promiseFromProto(kind.value.promise, `${at}.promise.promise`),
        commit: commitFromProto(kind.value.commit, `${at}.promise.commit`),
      };
    case undefined:
      throw invalidField(`${at}.kind`, 'is missing');
  }
}

/** A list of evidence, at most `limits.bulletinPage`. @throws RejectError INVALID_FORMAT. */
export function evidenceListFromProto(messages: readonly pb.Evidence[], at = 'evidence'): readonly Evidence[] {
  return listField(messages, limits.bulletinPage, at).map((message, index) =>
    evidenceFromProto(message, `${at}[${index}]`),
  );
}
