// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Entry} from "./Entries.sol";
import {Ledger} from "./Ledger.sol";
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

    /// The outcome of an entry, after those before it. Balances change in memory only, and no token moves.
    /// In assembly because the same in Solidity cost 400 gas more for each payment.
    /// @param sender The payer, and `recipient`: both are in the ledger.
    /// @param value What the payer signed, unless the entry is over SKIP.
    /// @param signature Position of the payer's signature.
    /// @return outcome NOT_REACHED, for all that follow too, when gas runs low.
    function apply_(
        Ledger memory ledger,
        Entry entry,
        uint256 sender,
        uint256 recipient,
        uint256 value,
        uint256 signature,
        uint256 signatureLength
    ) internal view returns (uint256 outcome) {
        assembly ("memory-safe") {
            // Once around: every rule that is broken breaks out.
            for {} 1 {} {
                if lt(gas(), mload(ledger)) {
                    mstore(ledger, STOPPED)
                    break
                }
                let words := mload(add(ledger, 0x20))
                let place := add(add(words, 0x20), shl(6, and(shr(216, entry), 0xffff)))
                let payer := mload(place)
                let sequence := and(shr(152, entry), MAX_U64)
                // Slots settle one after the other. In any other order a circle of payments could come to wait for each
                // other's money, although the ledger covers them all.
                let ahead := sub(sequence, and(payer, MAX_U64))
                if or(ahead, eq(sequence, MAX_U64)) {
                    outcome := ALREADY_SETTLED
                    // There is no sequence after the last one to go on with.
                    if iszero(ahead) { outcome := INVALID_ORDER }
                    // Below the next slot it wraps around.
                    if and(gt(ahead, 0), iszero(gt(ahead, MAX_U64))) { outcome := OUT_OF_ORDER }
                    break
                }
                let kind := byte(2, entry)
                let debit := 0
                switch kind
                case 255 {
                    // Only SKIP touches an account that never had anything.
                    if iszero(payer) { mstore(ledger, add(mload(ledger), GAS_NEW_WORD)) }
                }
                default {
                    // Section 3, as far as it needs nothing but the order. Never stricter than validators: an order
                    // that has a certificate and is refused here could never be settled.
                    let amount := and(shr(72, entry), MAX_U64)
                    let fee := and(shr(8, entry), MAX_U64)
                    debit := add(amount, fee)
                    let broken := or(gt(kind, 1), or(iszero(amount), gt(debit, MAX_U64)))
                    broken := or(broken, or(iszero(sender), iszero(recipient)))
                    broken := or(broken, or(eq(recipient, address()), and(iszero(kind), eq(recipient, sender))))
                    broken := or(broken, eq(shr(64, recipient), TIP20_PREFIX))
                    broken := or(broken, eq(and(shr(48, recipient), 0xffffffffffffffffffff), VIRTUAL_MARKER))
                    if broken {
                        outcome := INVALID_ORDER
                        break
                    }
                    if lt(shr(128, payer), debit) {
                        outcome := INSUFFICIENT_BALANCE
                        break
                    }
                    let input := mload(0x40)
                    mstore(0x00, 0)
                    switch signatureLength
                    case 65 {
                        // TIP-1020 answers the same for r 32 | s 32 | v u8, for 2,600 more where it is called first.
                        mstore(input, value)
                        mstore(add(input, 0x20), byte(0, calldataload(add(signature, 0x40))))
                        calldatacopy(add(input, 0x40), signature, 0x40)
                        // Nothing is returned for what is no signature, v other than 27 and 28 included. A higher s is
                        // the same signature in another form. The sender is not zero.
                        pop(staticcall(gas(), 1, input, 0x80, 0x00, 0x20))
                        if or(sub(sender, mload(0x00)), gt(mload(add(input, 0x60)), HALF_ORDER)) {
                            outcome := INVALID_PAYER_SIGNATURE
                            break
                        }
                    }
                    default {
                        // P-256 and WebAuthn: TIP-1020 names the signer.
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
                        if or(sub(sender, mload(0x00)), iszero(and(answered, eq(returndatasize(), 0x20)))) {
                            outcome := INVALID_PAYER_SIGNATURE
                            break
                        }
                    }
                    switch kind
                    case 0 {
                        let recipientPlace := add(add(words, 0x20), shl(6, and(shr(136, entry), 0xffff)))
                        let credited := mload(recipientPlace)
                        let sum := add(credited, shl(128, amount))
                        if or(iszero(credited), lt(sum, credited)) {
                            if credited {
                                outcome := BALANCE_TOO_LARGE
                                break
                            }
                            mstore(ledger, add(mload(ledger), GAS_NEW_WORD))
                        }
                        mstore(recipientPlace, sum)
                    }
                    default {
                        let reserved := mload(ledger)
                        if lt(gas(), add(reserved, GAS_PAYOUTS)) {
                            mstore(ledger, STOPPED)
                            break
                        }
                        let withdrawals := mload(add(ledger, 0x60))
                        mstore(add(ledger, 0x60), add(withdrawals, 1))
                        let first := mul(iszero(withdrawals), sub(GAS_PAYOUTS, GAS_PAYOUT))
                        mstore(ledger, add(reserved, add(GAS_PAYOUT, first)))
                    }
                    mstore(add(ledger, 0x40), add(mload(add(ledger, 0x40)), fee))
                }
                // The recipient is not the payer, so its credit has not changed this word.
                payer := add(payer, 1)
                mstore(place, sub(payer, shl(128, debit)))
                outcome := SETTLED
                break
            }
        }
    }
}
