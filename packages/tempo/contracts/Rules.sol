// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Entry, SKIP} from "./Entries.sol";
import {
    FEES,
    ORDER_AMOUNT,
    ORDER_FEE,
    ORDER_RECIPIENT,
    ORDER_SENDER,
    ORDER_SEQUENCE,
    RECOVERY,
    RECOVERY_R,
    RECOVERY_S,
    RECOVERY_V,
    RESERVED_GAS,
    WITHDRAWALS
} from "./Memory.sol";
import {
    ALREADY_SETTLED,
    BALANCE_TOO_LARGE,
    OUT_OF_ORDER,
    INSUFFICIENT_BALANCE,
    INVALID_ORDER,
    INVALID_PAYER_SIGNATURE,
    SETTLED
} from "./Outcome.sol";
import {HALF_ORDER, RECOVER, SIGNATURE_VERIFIER, TIP20_PREFIX, VIRTUAL_MARKER} from "./Tempo.sol";

/// What an entry must keep, and what it does to the ledger, whoever vouches for it. The only place where settling moves
/// money.
library Rules {
    // Gas that must be left before an entry is begun, so that what was begun can be ended. Unused gas costs nothing.
    /// All checks of an entry, with a payer signature of 2,049 bytes, and two accounts that are new: a word of storage
    /// that was empty costs 250,000 on Tempo.
    uint256 internal constant GAS_ENTRY = 700_000;
    /// Reserved when no further entry may begin: more than there is.
    uint256 internal constant STOPPED = 0xffffffffffffffffffffffffffffffff;
    /// What writing back an account costs more when its word was empty.
    uint256 private constant GAS_NEW_WORD = 254_000;
    /// Sending tokens: a transfer to a new holder, or a note in `owed`.
    uint256 private constant GAS_PAYOUT = 400_000;
    /// The first time, with more than enough for whatever else a token may do.
    uint256 private constant GAS_PAYOUTS = 1_200_000;

    uint256 private constant MAX_U64 = 0xffffffffffffffff;

    /// No further entry is begun.
    function stop() internal pure {
        assembly ("memory-safe") {
            mstore(RESERVED_GAS, STOPPED)
        }
    }

    /// The outcome of an entry, after those before it. Balances change in memory only, and no token moves.
    /// In assembly because the same in Solidity cost 400 gas more for each payment. Rules are asked all at once, and why
    /// one says no only where one does.
    /// @param payer In the ledger, as `recipient`; Orders has laid out the order.
    /// @param value What the payer signed, unless the entry is over SKIP.
    /// @param signature Position of the payer's signature.
    /// @return outcome NOT_REACHED, for all that follow too, when gas runs low.
    function apply_(
        Entry entry,
        uint256 payer,
        uint256 recipient,
        uint256 value,
        uint256 signature,
        uint256 signatureLength,
        uint256 objection
    ) internal view returns (uint256 outcome) {
        assembly ("memory-safe") {
            // Once around: every rule that is broken breaks out.
            for {} 1 {} {
                let kind := byte(2, entry)
                let account := mload(payer)
                let debit := add(mload(ORDER_AMOUNT), mload(ORDER_FEE))
                {
                    // Slots settle one after the other. In any other order a circle of payments could come to wait for
                    // each other's money, although the ledger covers them all.
                    let sequence := mload(ORDER_SEQUENCE)
                    let ahead := sub(sequence, and(account, MAX_U64))
                    // There is no sequence after the last one to go on with.
                    let elsewhere := or(ahead, eq(sequence, MAX_U64))
                    // Section 3, as far as it needs nothing but the order. Never stricter than validators: an order
                    // that has a certificate and is refused here could never be settled.
                    let to := mload(ORDER_RECIPIENT)
                    let sender := mload(ORDER_SENDER)
                    let broken := or(gt(kind, 1), or(iszero(mload(ORDER_AMOUNT)), gt(debit, MAX_U64)))
                    broken := or(broken, or(iszero(sender), iszero(to)))
                    broken := or(broken, or(eq(to, address()), and(iszero(kind), eq(to, sender))))
                    broken := or(broken, eq(shr(64, to), TIP20_PREFIX))
                    broken := or(broken, eq(and(shr(48, to), 0xffffffffffffffffffff), VIRTUAL_MARKER))
                    let isOut := lt(gas(), mload(RESERVED_GAS))
                    if or(or(or(isOut, elsewhere), or(broken, lt(shr(128, account), debit))), objection) {
                        outcome := objection
                        if objection { break }
                        if isOut {
                            mstore(RESERVED_GAS, STOPPED)
                            break
                        }
                        if elsewhere {
                            outcome := ALREADY_SETTLED
                            if iszero(ahead) { outcome := INVALID_ORDER }
                            // Below the next slot it wraps around.
                            if and(gt(ahead, 0), iszero(gt(ahead, MAX_U64))) { outcome := OUT_OF_ORDER }
                            break
                        }
                        if eq(kind, SKIP) {
                            // Only SKIP touches an account that never had anything.
                            if iszero(account) { mstore(RESERVED_GAS, add(mload(RESERVED_GAS), GAS_NEW_WORD)) }
                            mstore(payer, add(account, 1))
                            outcome := SETTLED
                            break
                        }
                        outcome := INVALID_ORDER
                        if iszero(broken) { outcome := INSUFFICIENT_BALANCE }
                        break
                    }
                }
                let wrong
                mstore(0x00, 0)
                switch signatureLength
                case 65 {
                    // TIP-1020 answers the same for r 32 | s 32 | v u8, for 2,600 more where it is called first.
                    mstore(RECOVERY, value)
                    mstore(RECOVERY_V, byte(0, calldataload(add(signature, 0x40))))
                    calldatacopy(RECOVERY_R, signature, 0x40)
                    // Nothing is returned for what is no signature, v other than 27 and 28 included. A higher s is the
                    // same signature in another form.
                    pop(staticcall(gas(), 1, RECOVERY, 0x80, 0x00, 0x20))
                    wrong := gt(mload(RECOVERY_S), HALF_ORDER)
                }
                default {
                    // P-256 and WebAuthn: TIP-1020 names the signer.
                    let input := mload(0x40)
                    mstore(input, shl(224, RECOVER))
                    mstore(add(input, 0x04), value)
                    mstore(add(input, 0x24), 0x40)
                    mstore(add(input, 0x44), signatureLength)
                    calldatacopy(add(input, 0x64), signature, signatureLength)
                    // The padding of the last word must be zero.
                    mstore(add(add(input, 0x64), signatureLength), 0)
                    let size := add(0x64, and(add(signatureLength, 31), not(31)))
                    // It reverts for whatever is no signature.
                    let answered := staticcall(gas(), SIGNATURE_VERIFIER, input, size, 0x00, 0x20)
                    wrong := iszero(and(answered, eq(returndatasize(), 0x20)))
                }
                // The sender is not zero.
                if or(sub(mload(ORDER_SENDER), mload(0x00)), wrong) {
                    outcome := INVALID_PAYER_SIGNATURE
                    break
                }
                switch kind
                case 0 {
                    let credited := mload(recipient)
                    let sum := add(credited, shl(128, mload(ORDER_AMOUNT)))
                    if or(iszero(credited), lt(sum, credited)) {
                        if credited {
                            outcome := BALANCE_TOO_LARGE
                            break
                        }
                        mstore(RESERVED_GAS, add(mload(RESERVED_GAS), GAS_NEW_WORD))
                    }
                    mstore(recipient, sum)
                }
                default {
                    let reserved := mload(RESERVED_GAS)
                    if lt(gas(), add(reserved, GAS_PAYOUTS)) {
                        mstore(RESERVED_GAS, STOPPED)
                        break
                    }
                    let withdrawals := mload(WITHDRAWALS)
                    mstore(WITHDRAWALS, add(withdrawals, 1))
                    let first := mul(iszero(withdrawals), sub(GAS_PAYOUTS, GAS_PAYOUT))
                    mstore(RESERVED_GAS, add(reserved, add(GAS_PAYOUT, first)))
                }
                mstore(FEES, add(mload(FEES), mload(ORDER_FEE)))
                // The recipient is not the payer, so its credit has not changed this word.
                mstore(payer, sub(add(account, 1), shl(128, debit)))
                outcome := SETTLED
                break
            }
        }
    }
}
