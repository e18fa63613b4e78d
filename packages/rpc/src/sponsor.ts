import { create } from '@bufbuild/protobuf';
import { type Address, bytesOf, fromHex, type Hash, type Hex, limits, toHex } from '@fastpay/protocol';
import { addressField, hashField, invalidField, textField, u64Field } from './fields.ts';
import * as pb from './gen/fastpay/v1/relay_pb.ts';

/** Under which terms somebody pays for the gas of deposits. */
export interface SponsorOffer {
  /** For people; the sponsor chose it. */
  readonly name: string;
  readonly feePayer: Address;
  readonly feeToken: Address;
  /** Exactly this much. */
  readonly gas: bigint;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  /** How far behind the latest block the deposit's time limit may lie. */
  readonly lifeSeconds: bigint;
  /** Base units. */
  readonly minimumAmount: bigint;
}

/** A deposit that sender and fee payer have signed. */
export interface SponsoredTransaction {
  readonly rawTransaction: Hex;
  readonly transactionHash: Hash;
}

export function sponsorOfferToProto(offer: SponsorOffer): pb.SponsorOffer {
  const { feePayer, feeToken, ...rest } = offer;
  return create(pb.SponsorOfferSchema, { ...rest, feePayer: bytesOf(feePayer), feeToken: bytesOf(feeToken) });
}

/** @throws RejectError INVALID_FORMAT. */
export function sponsorOfferFromProto(message: pb.SponsorOffer, at = 'offer'): SponsorOffer {
  return {
    name: nameField(message.name, `${at}.name`),
    feePayer: addressField(message.feePayer, `${at}.fee_payer`),
    feeToken: addressField(message.feeToken, `${at}.fee_token`),
    gas: u64Field(message.gas, `${at}.gas`),
    maxFeePerGas: u64Field(message.maxFeePerGas, `${at}.max_fee_per_gas`),
    lifeSeconds: u64Field(message.lifeSeconds, `${at}.life_seconds`),
    minimumAmount: u64Field(message.minimumAmount, `${at}.minimum_amount`),
  };
}

export function sponsorDepositRequestToProto(rawTransaction: Hex): pb.SponsorDepositRequest {
  return create(pb.SponsorDepositRequestSchema, { rawTransaction: fromHex(rawTransaction) });
}

/** @throws RejectError INVALID_FORMAT. */
export function sponsorDepositRequestFromProto({ rawTransaction }: pb.SponsorDepositRequest): Hex {
  return rawTransactionField(rawTransaction);
}

export function sponsoredTransactionToProto(transaction: SponsoredTransaction): pb.SponsorDepositResponse {
  return create(pb.SponsorDepositResponseSchema, {
    rawTransaction: fromHex(transaction.rawTransaction),
    transactionHash: bytesOf(transaction.transactionHash),
  });
}

/** @throws RejectError INVALID_FORMAT. */
export function sponsoredTransactionFromProto(message: pb.SponsorDepositResponse): SponsoredTransaction {
  return {
    rawTransaction: rawTransactionField(message.rawTransaction),
    transactionHash: hashField(message.transactionHash, 'transaction_hash'),
  };
}

/** Shown to people as it is: nothing in it may change how the text around it reads. */
function nameField(name: string, at: string): string {
  if (!/^[^\p{C}]+$/u.test(name)) throw invalidField(at, 'is printable text');
  return textField(name, limits.sponsorNameLength, at);
}

function rawTransactionField(bytes: Uint8Array): Hex {
  if (bytes.length <= limits.sponsoredTransactionBytes) return toHex(bytes);
  throw invalidField('raw_transaction', `has at most ${limits.sponsoredTransactionBytes} bytes, not ${bytes.length}`);
}
