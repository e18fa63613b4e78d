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
    find: 'let elsewhere := or(ahead, eq(sequence, MAX_U64))',
    replace: 'let elsewhere := or(and(gt(ahead, 0), iszero(gt(ahead, MAX_U64))), eq(sequence, MAX_U64))',
  },
  {
    name: 'settles a slot before the one below it',
    file: 'Rules.sol',
    find: 'let elsewhere := or(ahead, eq(sequence, MAX_U64))',
    replace: 'let elsewhere := or(gt(ahead, 1), eq(sequence, MAX_U64))',
  },
  {
    name: 'credits without debiting',
    file: 'Rules.sol',
    find: 'mstore(payer, sub(add(account, 1), shl(128, debit)))',
    replace: 'mstore(payer, add(account, 1))',
  },
  {
    name: 'forgets to take the fee from the payer',
    file: 'Rules.sol',
    find: 'mstore(payer, sub(add(account, 1), shl(128, debit)))',
    replace: 'mstore(payer, sub(add(account, 1), shl(128, mload(ORDER_AMOUNT))))',
  },
  {
    name: 'forgets the fees of whoever settles',
    file: 'Settlement.sol',
    find: 'if (fees != 0) _noteFees(asset, fees);',
    replace: 'if (fees != 0) _noteFees(asset, 0);',
  },
  {
    name: 'looks for the amount only, not for the fee',
    file: 'Rules.sol',
    find: 'lt(shr(128, account), debit)',
    replace: 'lt(shr(128, account), mload(ORDER_AMOUNT))',
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
    find: 'if or(sub(mload(ORDER_SENDER), mload(0x00)), wrong) {',
    // The selector of settleAttested.
    replace: 'if or(mul(xor(shr(224, calldataload(0)), 0xdb30ee40), sub(mload(ORDER_SENDER), mload(0x00))), wrong) {',
  },
  {
    name: 'takes a high s from a payer',
    file: 'Rules.sol',
    find: 'wrong := gt(mload(RECOVERY_S), HALF_ORDER)',
    replace: 'wrong := iszero(mload(RECOVERY_S))',
  },
  {
    name: 'takes a high s from a validator',
    file: 'Committees.sol',
    find: 'gt(mload(RECOVERY_S), HALF_ORDER)',
    replace: 'iszero(mload(RECOVERY_S))',
  },
  {
    name: 'counts a signer twice',
    file: 'Committees.sol',
    find: 'lt(signer, lowest)',
    replace: 'lt(add(signer, 1), lowest)',
  },
  {
    name: 'asks for one less than a quorum',
    file: 'Settlement.sol',
    find: 'if (stake < _leastStake()) outcome = NO_QUORUM;',
    replace: 'if (stake + 1 < _leastStake()) outcome = NO_QUORUM;',
  },
  {
    name: 'believes signatures of an attestation that are nobody’s',
    file: 'Committees.sol',
    find: 'or(sub(mload(0x00), shr(96, member)), ',
    replace: 'or(iszero(mload(0x00)), ',
  },
  {
    name: 'believes an attestation of the first slot, whatever is to be in it',
    file: 'Items.sol',
    find: 'result := keccak256(items, sub(end, items))',
    replace: 'result := keccak256(items, add(28, mul(end, 0)))',
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
    find: 'account.withBalance(0)',
    replace: 'account.withBalance(amount)',
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
    find: 'if (Tempo.trySend(asset, recipient, amount)) return;\n        _owe(asset, recipient, amount);',
    replace: 'if (Tempo.trySend(asset, recipient, amount)) return;',
  },
  {
    name: 'pays a debt again and again',
    file: 'Vault.sol',
    find: 'Places.write(place, 0);',
    replace: 'Places.write(place, amount);',
  },
  {
    name: 'pays fees again and again',
    file: 'Vault.sol',
    find: 'account.withoutFees()',
    replace: 'account',
  },
  {
    name: 'takes an exit for the fees that wait, too',
    file: 'Accounts.sol',
    find: '(newBalance << 128) | uint128(Account.unwrap(account))',
    replace: '(newBalance << 128) | uint64(Account.unwrap(account))',
  },
  {
    name: 'begins a withdrawal that it has no gas to end',
    file: 'Rules.sol',
    find: 'mstore(RESERVED_GAS, add(reserved, add(GAS_PAYOUT, first)))',
    replace: 'mstore(RESERVED_GAS, sub(reserved, add(GAS_PAYOUT, mul(first, 0))))',
  },
];
