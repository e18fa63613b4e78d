import { bytesOf, type CommitCertificate, concatBytes, type SignedOrder, unsignedBytes } from '@fastpay/protocol';

/** The binary form of §4, written without any of the encoder's checks: what an attacker can hand to the contract. */
export function encodeUnchecked(certificate: CommitCertificate): Uint8Array {
  const { epoch, slot, round, value, signedOrder, signatures } = certificate;
  const order = signedOrder ? orderBytes(signedOrder) : undefined;
  return concatBytes(
    Uint8Array.of(1, 2),
    unsignedBytes(epoch, 8),
    bytesOf(slot.owner),
    bytesOf(slot.asset),
    unsignedBytes(slot.sequence, 8),
    unsignedBytes(round, 8),
    bytesOf(value),
    ...(order ? [unsignedBytes(order.length, 2), order] : []),
    unsignedBytes(signatures.length, 1),
    ...signatures.flatMap(({ signer, signature }) => [unsignedBytes(signer, 1), signature]),
  );
}

function orderBytes({ order, payerSignature }: SignedOrder): Uint8Array {
  return concatBytes(
    unsignedBytes(order.kind, 1),
    bytesOf(order.sender),
    bytesOf(order.recipient),
    bytesOf(order.asset),
    unsignedBytes(order.amount, 8),
    unsignedBytes(order.fee, 8),
    unsignedBytes(order.sequence, 8),
    unsignedBytes(order.validUntil, 8),
    bytesOf(order.memo),
    unsignedBytes(order.parents.length, 1),
    ...order.parents.map(bytesOf),
    unsignedBytes(payerSignature.length, 2),
    payerSignature,
  );
}
