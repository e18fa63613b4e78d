import { MAX_U64, ZERO_ADDRESS } from './brand.ts';
import { assertValidCommittee, type Committee, type CommitteeMember } from './committee.ts';
import { limits } from './limits.ts';
import type { AssetInfo, Network } from './network.ts';
import { RejectError } from './reject.ts';
import { isTip20Address } from './slot.ts';
import { StrictJson } from './strict-json.ts';

/**
 * The JSON manifest of a network: hexadecimal with 0x, integers as decimal strings. Reading it is strict: a missing,
 * unknown or malformed field is refused by name.
 */

const TEXT_CHARACTERS = 64;
const MAX_ASSETS = 64;

/** A plain object for `JSON.stringify`; `decodeNetwork` gives back an equal network. */
export function encodeNetwork(network: Network): unknown {
  const { domain, committee, fees } = network;
  return {
    name: network.name,
    kind: network.kind,
    domain: { chainId: String(domain.chainId), reserve: domain.reserve, salt: domain.salt },
    committee: {
      epoch: String(committee.epoch),
      members: committee.members.map(({ name, votingKey, settlementAddress, stake }) => ({
        name,
        votingKey,
        settlementAddress,
        stake: String(stake),
      })),
    },
    assets: network.assets.map(({ address, symbol, name }) => ({ address, symbol, name })),
    fees: { minimum: String(fees.minimum), newRecipientSurcharge: String(fees.newRecipientSurcharge) },
    exitDelaySeconds: String(network.exitDelaySeconds),
  };
}

/**
 * @param json What `JSON.parse` gave.
 * @throws RejectError INVALID_FORMAT whose message starts with the field, like `committee.members[2].stake: …`.
 * Whether the voting keys are points of the curve is checked by `assertValidVotingKey` of the crypto package.
 */
export function decodeNetwork(json: unknown): Network {
  const fields = new StrictJson(json, '').object(
    'name',
    'kind',
    'domain',
    'committee',
    'assets',
    'fees',
    'exitDelaySeconds',
  );
  const domain = fields.domain.object('chainId', 'reserve', 'salt');
  const fees = fields.fees.object('minimum', 'newRecipientSurcharge');
  const network: Network = {
    name: fields.name.text(TEXT_CHARACTERS),
    kind: fields.kind.oneOf('devnet', 'testnet', 'mainnet'),
    domain: { chainId: domain.chainId.unsigned(MAX_U64), reserve: domain.reserve.address(), salt: domain.salt.hash() },
    committee: decodeCommittee(fields.committee),
    assets: fields.assets.array(1, MAX_ASSETS).map(decodeAsset),
    fees: {
      minimum: fees.minimum.unsigned(MAX_U64),
      newRecipientSurcharge: fees.newRecipientSurcharge.unsigned(MAX_U64),
    },
    exitDelaySeconds: fields.exitDelaySeconds.unsigned(MAX_U64),
  };
  refuse(network.domain.reserve === ZERO_ADDRESS, 'domain.reserve: the zero address is no reserve');
  const addresses = network.assets.map((asset) => asset.address);
  refuse(new Set(addresses).size !== addresses.length, 'assets: two assets share an address');
  return network;
}

/**
 * A committee on its own, as a file for a new reserve lists it: `{"epoch", "members"}` like in the manifest.
 * @throws RejectError INVALID_FORMAT whose message starts with the field.
 */
export function decodeCommitteeFile(json: unknown): Committee {
  return decodeCommittee(new StrictJson(json, ''));
}

function decodeCommittee(json: StrictJson): Committee {
  const { epoch, members } = json.object('epoch', 'members');
  const committee = {
    epoch: epoch.unsigned(MAX_U64),
    members: members.array(1, limits.committeeSize).map(decodeMember),
  };
  try {
    assertValidCommittee(committee);
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    throw invalidCommittee(error);
  }
  return committee;
}

function invalidCommittee(cause: RejectError): RejectError {
  return new RejectError('INVALID_FORMAT', `committee: ${cause.message}`, {}, { cause });
}

function decodeMember(json: StrictJson): CommitteeMember {
  const member = json.object('name', 'votingKey', 'settlementAddress', 'stake');
  return {
    name: member.name.text(limits.validatorNameBytes),
    votingKey: member.votingKey.hash(),
    settlementAddress: member.settlementAddress.address(),
    stake: member.stake.unsigned(MAX_U64),
  };
}

function decodeAsset(json: StrictJson, index: number): AssetInfo {
  const asset = json.object('address', 'symbol', 'name');
  const address = asset.address.address();
  refuse(!isTip20Address(address), `assets[${index}].address: not a TIP-20 token address`);
  return { address, symbol: asset.symbol.text(TEXT_CHARACTERS), name: asset.name.text(TEXT_CHARACTERS) };
}

function refuse(condition: boolean, message: string): void {
  if (condition) throw new RejectError('INVALID_FORMAT', message);
}
