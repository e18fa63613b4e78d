/** One rule of the reserve broken on purpose: an exact replacement in one of its sources. */
export interface Mutation {
  /** What the broken reserve does. */
  readonly name: string;
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: 'settles a slot again',
    file: 'Rules.sol',
    find: 'if or(ahead, eq(sequence, MAX_U64)) {',
    replace: 'if or(and(gt(ahead, 0), iszero(gt(ahead, MAX_U64))), eq(sequence, MAX_U64)) {',
  },
  {
    name: 'settles a slot before the one below it',
    file: 'Rules.sol',
    find: 'if or(ahead, eq(sequence, MAX_U64)) {',
    replace: 'if or(gt(ahead, 1), eq(sequence, MAX_U64)) {',
  },
  {
    name: 'credits without debiting',
    file: 'Rules.sol',
    find: 'mstore(place, sub(payer, shl(128, debit)))',
    replace: 'mstore(place, payer)',
  },
  {
    name: 'forgets to take the fee from the payer',
    file: 'Rules.sol',
    find: 'sub(payer, shl(128, debit))',
    replace: 'sub(payer, shl(128, sub(debit, and(shr(8, entry), MAX_U64))))',
  },
  {
    name: 'forgets the fees of whoever settles',
    file: 'Settlement.sol',
    find: 'owed[asset][msg.sender] += ledger.fees',
    replace: 'owed[asset][msg.sender] += 0',
  },
  {
    name: 'looks for the amount only, not for the fee',
    file: 'Rules.sol',
    find: 'if lt(shr(128, payer), debit) {',
    replace: 'if lt(shr(128, payer), amount) {',
  },
  {
    name: 'lets a balance overflow',
    file: 'Rules.sol',
    find: 'if or(iszero(credited), lt(sum, credited)) {',
    replace: 'if iszero(credited) {',
  },
  {
    name: 'takes an attested order without its payer',
    file: 'Rules.sol',
    find: 'if or(sub(sender, mload(0x00)), gt(',
    // The selector of settleAttested.
    replace: 'if or(mul(xor(shr(224, calldataload(0)), 0x36b65bef), sub(sender, mload(0x00))), gt(',
  },
  {
    name: 'takes a high s from a payer',
    file: 'Rules.sol',
    find: 'gt(mload(add(input, 0x60)), HALF_ORDER)',
    replace: 'iszero(mload(add(input, 0x60)))',
  },
  {
    name: 'takes a high s from a validator',
    file: 'Committees.sol',
    find: 'if (s > HALF_ORDER) return (false, 0);',
    replace: 'if (s == 0) return (false, 0);',
  },
  {
    name: 'counts a signer twice',
    file: 'Committees.sol',
    find: 'if (signer < lowest || signer >= memberCount) return (false, 0);',
    replace: 'if (signer + 1 < lowest || signer >= memberCount) return (false, 0);',
  },
  {
    name: 'asks for one less than a quorum',
    file: 'Settlement.sol',
    find: 'if (stake < leastStake) return NO_QUORUM;',
    replace: 'if (stake + 1 < leastStake) return NO_QUORUM;',
  },
  {
    name: 'believes signatures of an attestation that are nobody’s',
    file: 'Committees.sol',
    find: 'if (recovered != member >> 96) return (false, 0);',
    replace: 'if (recovered != member >> 96 && recovered == 0) return (false, 0);',
  },
  {
    name: 'believes an attestation of the slots, whatever is to be in them',
    file: 'Reports.sol',
    find: 'mstore(add(listed, 48), value)',
    replace: 'mstore(add(listed, 48), mul(value, 0))',
  },
  {
    name: 'executes an exit before the delay is over',
    file: 'Exits.sol',
    find: 'if (block.timestamp < readyAt) revert',
    replace: 'if (block.timestamp + exitDelay < readyAt) revert',
  },
  {
    name: 'leaves the balance when its owner exits',
    file: 'Exits.sol',
    find: 'record.account = account.withBalance(0);',
    replace: 'record.account = account.withBalance(amount);',
  },
  {
    name: 'hands over by the word of one member',
    file: 'Epochs.sol',
    find: 'if (!_isSigned(structHash, present, signatures, leastStake)) revert',
    replace: 'if (!_isSigned(structHash, present, signatures, leastStake / leastStake)) revert',
  },
  {
    name: 'believes a retired committee for ever',
    file: 'Epochs.sol',
    find: 'if (settlesUntil < block.timestamp) revert',
    replace: 'if (settlesUntil == 0) revert',
  },
  {
    name: 'loses what the token refuses',
    file: 'Vault.sol',
    find: 'owed[asset][recipient] += amount;',
    replace: 'owed[asset][recipient] += 0;',
  },
  {
    name: 'pays a debt again and again',
    file: 'Vault.sol',
    find: 'owed[asset][recipient] = 0;',
    replace: 'owed[asset][recipient] = amount;',
  },
  {
    name: 'begins a withdrawal that it has no gas to end',
    file: 'Rules.sol',
    find: 'mstore(ledger, add(reserved, add(GAS_PAYOUT, first)))',
    replace: 'mstore(ledger, sub(reserved, add(GAS_PAYOUT, mul(first, 0))))',
  },
];
