import { create } from '@bufbuild/protobuf';
import { bytesOf, type Hash, type Stage, stages } from '@fastpay/protocol';
import { hashField, invalidField, requiredField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/types_pb.ts';

/** A block of the chain by height and hash. */
export interface BlockReference {
  readonly height: bigint;
  readonly hash: Hash;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

export interface ChainHead {
  readonly latest: BlockReference;
  readonly finalized: BlockReference;
}

/** Where a payment was seen on chain (§10). */
export interface SettlementReference {
  readonly block: BlockReference;
  /** Of the Tempo transaction that settled it. */
  readonly transactionHash: Hash;
}

export function stageToProto(stage: Stage): pb.Stage {
  return pb.Stage[stage];
}

/** Absent when the sender left it unspecified. @throws RejectError INVALID_FORMAT for a number that names no stage. */
export function optionalStageFromProto(value: pb.Stage, at = 'stage'): Stage | undefined {
  if (value === pb.Stage.UNSPECIFIED) return undefined;
  const stage = stages.find((name) => pb.Stage[name] === value);
  if (!stage) throw invalidField(at, `there is no stage ${value}`);
  return stage;
}

/** @throws RejectError INVALID_FORMAT. */
export function stageFromProto(value: pb.Stage, at = 'stage'): Stage {
  return requiredField(optionalStageFromProto(value, at), at);
}

export function blockReferenceToProto(block: BlockReference): pb.BlockReference {
  return create(pb.BlockReferenceSchema, {
    height: block.height,
    hash: bytesOf(block.hash),
    timestamp: block.timestamp,
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function blockReferenceFromProto(message: pb.BlockReference | undefined, at = 'block'): BlockReference {
  const block = requiredField(message, at);
  return {
    height: u64Field(block.height, `${at}.height`),
    hash: hashField(block.hash, `${at}.hash`),
    timestamp: u64Field(block.timestamp, `${at}.timestamp`),
  };
}

export function chainHeadToProto(head: ChainHead): pb.ChainHead {
  return create(pb.ChainHeadSchema, {
    latest: blockReferenceToProto(head.latest),
    finalized: blockReferenceToProto(head.finalized),
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function chainHeadFromProto(message: pb.ChainHead | undefined, at = 'chain_head'): ChainHead {
  const head = requiredField(message, at);
  return {
    latest: blockReferenceFromProto(head.latest, `${at}.latest`),
    finalized: blockReferenceFromProto(head.finalized, `${at}.finalized`),
  };
}

export function settlementToProto(settlement: SettlementReference): pb.Settlement {
  return create(pb.SettlementSchema, {
    block: blockReferenceToProto(settlement.block),
    transactionHash: bytesOf(settlement.transactionHash),
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function settlementFromProto(message: pb.Settlement | undefined, at = 'settlement'): SettlementReference {
  const settlement = requiredField(message, at);
  return {
    block: blockReferenceFromProto(settlement.block, `${at}.block`),
    transactionHash: hashField(settlement.transactionHash, `${at}.transaction_hash`),
  };
}
