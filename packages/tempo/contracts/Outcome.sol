// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

// What became of one entry of a batch. Numbers rather than an enum, so that assembly can name them.

// Gas ran low before it; send it again.
uint256 constant NOT_REACHED = 0;
uint256 constant SETTLED = 1;
// Its slot was used before. Nothing to do.
uint256 constant ALREADY_SETTLED = 2;
// Not the bytes of one entry.
uint256 constant MALFORMED = 3;
// Settle the slots before it first.
uint256 constant OUT_OF_ORDER = 4;
// The order breaks a rule.
uint256 constant INVALID_ORDER = 5;
// Settle what funds it first.
uint256 constant INSUFFICIENT_BALANCE = 6;
// The payer did not sign the order.
uint256 constant INVALID_PAYER_SIGNATURE = 7;
// A commit signature is wrong, or signers do not ascend.
uint256 constant INVALID_COMMIT = 8;
// The signers hold less stake than a quorum.
uint256 constant NO_QUORUM = 9;
// The recipient's balance would leave its bounds.
uint256 constant BALANCE_TOO_LARGE = 10;
