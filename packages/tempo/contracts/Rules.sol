// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Ledger} from "./Ledger.sol";
import {SKIP} from "./Entries.sol";
import {
    ALREADY_SETTLED,
    BALANCE_TOO_LARGE,
    BEYOND_WINDOW,
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
    /// All checks of an entry, and two accounts that are new: a word of storage that was empty costs 250,000 on Tempo.
    uint256 internal constant GAS_ENTRY = 580_000;
    /// Writing back an account, and how much more when its word was empty.
    uint256 private constant GAS_WORD = 6_000;
    uint256 private constant GAS_NEW_WORD = 254_000;
    /// Sending tokens: a transfer to a new holder, or a note in `owed`.
    uint256 private constant GAS_PAYOUT = 400_000;
    /// The first time, with more than enough for whatever else a token may do.
    uint256 private constant GAS_PAYOUTS = 1_200_000;

    uint256 private constant MAX_U64 = 0xffffffffffffffff;

    /// Gives every entry without an outcome its outcome, in order, until gas runs low. Balances change in memory only,
    /// and no token moves.
    /// In assembly because the same in Solidity cost 400 gas more for each payment.
    /// @param position Of the first entry, whose form has been checked.
    /// @param record Of the first entry; `lastRecord` is where records end.
    function apply_(Ledger memory ledger, uint256 position, uint256 record, uint256 lastRecord, bool attested)
        internal
        view
    {
        assembly ("memory-safe") {
            // The word of the account at `place` in memory, from storage when it is asked for first.
            function load(ledger_, place, owner) -> account {
                if mload(place) {
                    account := mload(add(place, 0x20))
                    leave
                }
                mstore(0x00, owner)
                mstore(0x20, mload(add(ledger_, 0x40)))
                let slot := keccak256(0x00, 0x40)
                account := sload(slot)
                mstore(place, slot)
                mstore(add(place, 0x20), account)
                let reserved := add(ledger_, 0x60)
                mstore(reserved, add(mload(reserved), add(GAS_WORD, mul(iszero(account), GAS_NEW_WORD))))
            }

            // Who made a Tempo signature (secp256k1, P-256 or WebAuthn); zero when it is none.
            function signerOf(digest, signature, length) -> signer {
                let input := mload(0x40)
                mstore(0x00, 0)
                if eq(length, 65) {
                    // TIP-1020 answers the same for r 32 | s 32 | v u8, for 2,600 more where it is called first.
                    let s := calldataload(add(signature, 0x20))
                    mstore(input, digest)
                    mstore(add(input, 0x20), byte(0, calldataload(add(signature, 0x40))))
                    mstore(add(input, 0x40), calldataload(signature))
                    mstore(add(input, 0x60), s)
                    // Nothing is returned for what is no signature, v other than 27 and 28 included.
                    pop(staticcall(gas(), 1, input, 0x80, 0x00, 0x20))
                    signer := mul(mload(0x00), lt(s, add(HALF_ORDER, 1)))
                    leave
                }
                mstore(input, shl(224, RECOVER))
                mstore(add(input, 0x04), digest)
                mstore(add(input, 0x24), 0x40)
                mstore(add(input, 0x44), length)
                calldatacopy(add(input, 0x64), signature, length)
                // The padding of the last word must be zero.
                mstore(add(add(input, 0x64), length), 0)
                let size := add(0x64, and(add(length, 31), not(31)))
                // It reverts for whatever is no signature.
                if staticcall(gas(), SIGNATURE_VERIFIER, input, size, 0x00, 0x20) {
                    if eq(returndatasize(), 0x20) { signer := mload(0x00) }
                }
            }

            for {} lt(record, lastRecord) { record := add(record, 61) } {
                let entry := calldataload(position)
                let start := position
                position := add(add(position, 2), shr(240, entry))
                if byte(0, mload(record)) { continue }

                let kind := and(shr(232, entry), 0xff)
                // 64 for each byte of signatures.
                let needed := add(mload(add(ledger, 0x60)), shl(6, shr(240, entry)))
                if lt(gas(), add(needed, mul(eq(kind, 1), GAS_PAYOUTS))) { break }

                let sender := and(shr(216, entry), 0xffff)
                let place := add(mload(add(ledger, 0x20)), shl(6, sender))
                sender := shr(96, calldataload(add(mload(ledger), mul(sender, 20))))
                let payer := load(ledger, place, sender)
                let outcome := SETTLED
                // Once around: every rule that is broken breaks out.
                for {} 1 {} {
                    let offset := sub(and(shr(152, entry), MAX_U64), and(shr(64, payer), MAX_U64))
                    if or(gt(offset, 63), and(shr(offset, payer), 1)) {
                        outcome := ALREADY_SETTLED
                        // Below the window it wraps around.
                        if and(gt(offset, 63), iszero(gt(offset, MAX_U64))) { outcome := BEYOND_WINDOW }
                        break
                    }
                    // The window could not move over the last sequence.
                    if eq(and(shr(152, entry), MAX_U64), MAX_U64) {
                        outcome := INVALID_ORDER
                        break
                    }
                    let recipient := and(shr(136, entry), 0xffff)
                    let recipientPlace := add(mload(add(ledger, 0x20)), shl(6, recipient))
                    recipient := shr(96, calldataload(add(mload(ledger), mul(recipient, 20))))
                    let amount := and(shr(72, entry), MAX_U64)
                    let fee := and(shr(8, entry), MAX_U64)
                    if eq(kind, SKIP) {
                        amount := 0
                        fee := 0
                    }
                    if sub(kind, SKIP) {
                        // Section 3, as far as it needs nothing but the order. Never stricter than validators: an order
                        // that has a certificate and is refused here could never be settled.
                        let broken := or(gt(kind, 1), or(iszero(amount), gt(add(amount, fee), MAX_U64)))
                        broken := or(broken, or(iszero(sender), iszero(recipient)))
                        broken := or(broken, or(eq(recipient, address()), and(iszero(kind), eq(recipient, sender))))
                        broken := or(broken, eq(shr(64, recipient), TIP20_PREFIX))
                        broken := or(broken, eq(and(shr(48, recipient), 0xffffffffffffffffffff), VIRTUAL_MARKER))
                        if broken {
                            outcome := INVALID_ORDER
                            break
                        }
                        if lt(shr(128, payer), add(amount, fee)) {
                            outcome := INSUFFICIENT_BALANCE
                            break
                        }
                        let signature := add(add(start, 40), shl(5, add(and(shr(7, entry), 1), and(entry, 0x7f))))
                        if iszero(attested) {
                            signature := add(add(signature, 5), mul(66, byte(4, calldataload(signature))))
                        }
                        // The sender is not zero.
                        if sub(sender, signerOf(mload(add(record, 29)), signature, sub(position, signature))) {
                            outcome := INVALID_PAYER_SIGNATURE
                            break
                        }
                    }
                    if iszero(kind) {
                        let credited := load(ledger, recipientPlace, recipient)
                        let sum := add(credited, shl(128, amount))
                        if lt(sum, credited) {
                            outcome := BALANCE_TOO_LARGE
                            break
                        }
                        mstore(add(recipientPlace, 0x20), sum)
                    }
                    // The recipient is not the payer, so its credit has not changed this word.
                    payer := or(payer, shl(offset, 1))
                    for {} and(payer, 1) {} {
                        // The window moves over a used slot.
                        payer := add(and(payer, not(MAX_U64)), add(0x10000000000000000, shr(1, and(payer, MAX_U64))))
                    }
                    mstore(add(place, 0x20), sub(payer, shl(128, add(amount, fee))))
                    let fees := add(ledger, 0x80)
                    mstore(fees, add(mload(fees), fee))
                    if eq(kind, 1) {
                        let withdrawals := add(ledger, 0xa0)
                        let reserved := add(ledger, 0x60)
                        let first := iszero(mload(withdrawals))
                        mstore(reserved, add(mload(reserved), add(GAS_PAYOUT, mul(first, sub(GAS_PAYOUTS, GAS_PAYOUT)))))
                        mstore(withdrawals, add(mload(withdrawals), 1))
                    }
                    break
                }
                mstore8(record, outcome)
            }
        }
    }
}
