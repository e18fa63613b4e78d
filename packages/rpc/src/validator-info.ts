import { create } from '@bufbuild/protobuf';
import { type Address, bytesOf, type Hash, limits } from '@fastpay/protocol';
import { type ChainHead, chainHeadFromProto, chainHeadToProto } from './chain.ts';
import { addressField, hashField, indexField, numberField, textField, u64Field } from './fields.ts';
import * as relay from './gen/fastpay/v1/relay_pb.ts';
import * as pb from './gen/fastpay/v1/validator_pb.ts';

/** What a validator reports about itself; nothing of it is signed. */
export interface ValidatorInfo {
  readonly name: string;
  /** Index in the committee. */
  readonly signer: number;
  readonly votingKey: Hash;
  readonly settlementAddress: Address;
  readonly stake: bigint;
  readonly epoch: bigint;
  readonly domainSeparator: Hash;
  readonly committeeHash: Hash;
  readonly version: string;
  readonly uptimeMs: number;
  /** Absent until the validator has seen the chain. */
  readonly chainHead?: ChainHead;
  readonly votesSigned: bigint;
  readonly commitsSigned: bigint;
  readonly slotsResolved: bigint;
  /** Unix milliseconds of the last vote or commit; 0 before the first. */
  readonly lastSignedAtMs: number;
  /** It signs nothing: its store was lost or rolled back (§5). */
  readonly observing: boolean;
}

/** One validator as a relay sees it. */
export interface ValidatorStatus {
  readonly signer: number;
  readonly reachable: boolean;
  /** Round trip as the relay saw it. */
  readonly latencyMs: number;
  /** Empty while reachable. */
  readonly error: string;
  readonly checkedAtMs: number;
  /** Absent until the validator was reached once. */
  readonly info?: ValidatorInfo;
}

const MAX_VERSION_LENGTH = 64;
const MAX_ERROR_LENGTH = 500;

export function validatorInfoToProto(info: ValidatorInfo): pb.GetValidatorInfoResponse {
  return create(pb.GetValidatorInfoResponseSchema, {
    name: info.name,
    signer: info.signer,
    votingKey: bytesOf(info.votingKey),
    settlementAddress: bytesOf(info.settlementAddress),
    stake: info.stake,
    epoch: info.epoch,
    domainSeparator: bytesOf(info.domainSeparator),
    committeeHash: bytesOf(info.committeeHash),
    version: info.version,
    uptimeMs: BigInt(info.uptimeMs),
    ...(info.chainHead ? { chainHead: chainHeadToProto(info.chainHead) } : {}),
    votesSigned: info.votesSigned,
    commitsSigned: info.commitsSigned,
    slotsResolved: info.slotsResolved,
    lastSignedUnixMillis: BigInt(info.lastSignedAtMs),
    observing: info.observing,
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function validatorInfoFromProto(message: pb.GetValidatorInfoResponse): ValidatorInfo {
  return {
    name: textField(message.name, limits.validatorNameBytes, 'name'),
    signer: indexField(message.signer, limits.committeeSize, 'signer'),
    votingKey: hashField(message.votingKey, 'voting_key'),
    settlementAddress: addressField(message.settlementAddress, 'settlement_address'),
    stake: u64Field(message.stake, 'stake'),
    epoch: u64Field(message.epoch, 'epoch'),
    domainSeparator: hashField(message.domainSeparator, 'domain_separator'),
    committeeHash: hashField(message.committeeHash, 'committee_hash'),
    version: textField(message.version, MAX_VERSION_LENGTH, 'version'),
    uptimeMs: numberField(message.uptimeMs, Number.MAX_SAFE_INTEGER, 'uptime_ms'),
    ...(message.chainHead ? { chainHead: chainHeadFromProto(message.chainHead) } : {}),
    votesSigned: u64Field(message.votesSigned, 'votes_signed'),
    commitsSigned: u64Field(message.commitsSigned, 'commits_signed'),
    slotsResolved: u64Field(message.slotsResolved, 'slots_resolved'),
    lastSignedAtMs: numberField(message.lastSignedUnixMillis, Number.MAX_SAFE_INTEGER, 'last_signed_unix_millis'),
    observing: message.observing,
  };
}

export function validatorStatusToProto(status: ValidatorStatus): relay.ValidatorStatus {
  return create(relay.ValidatorStatusSchema, {
    signer: status.signer,
    reachable: status.reachable,
    latencyMs: status.latencyMs,
    error: status.error.slice(0, MAX_ERROR_LENGTH),
    checkedUnixMillis: BigInt(status.checkedAtMs),
    ...(status.info ? { info: validatorInfoToProto(status.info) } : {}),
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function validatorStatusFromProto(message: relay.ValidatorStatus): ValidatorStatus {
  return {
    signer: indexField(message.signer, limits.committeeSize, 'signer'),
    reachable: message.reachable,
    latencyMs: message.latencyMs,
    error: textField(message.error, MAX_ERROR_LENGTH, 'error'),
    checkedAtMs: numberField(message.checkedUnixMillis, Number.MAX_SAFE_INTEGER, 'checked_unix_millis'),
    ...(message.info ? { info: validatorInfoFromProto(message.info) } : {}),
  };
}
