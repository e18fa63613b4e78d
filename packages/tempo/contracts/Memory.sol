// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

// Where settling keeps what it works on. It takes the memory from its beginning, 0x80: an address that is a constant
// costs a third of one that is computed, and leaves the stack to what changes. `compile.ts` refuses a build in which the
// compiler keeps variables of its own there.

// The order that is being looked at, laid out for EIP-712 (see Orders): eleven words.
uint256 constant ORDER = 0x80;
uint256 constant ORDER_KIND = 0xa0;
uint256 constant ORDER_SENDER = 0xc0;
uint256 constant ORDER_RECIPIENT = 0xe0;
uint256 constant ORDER_ASSET = 0x100;
uint256 constant ORDER_AMOUNT = 0x120;
uint256 constant ORDER_FEE = 0x140;
uint256 constant ORDER_SEQUENCE = 0x160;
uint256 constant ORDER_VALID_UNTIL = 0x180;
uint256 constant ORDER_MEMO = 0x1a0;
uint256 constant ORDER_PARENTS = 0x1c0;
uint256 constant ORDER_BYTES = 0x160;

// What EIP-712 hashes last: 0x1901 | domain separator | hash of a struct.
uint256 constant DIGEST = 0x1e0;
uint256 constant DIGEST_SEPARATOR = 0x1e2;
uint256 constant DIGEST_STRUCT = 0x202;
uint256 constant DIGEST_BYTES = 0x42;

// What ecrecover reads: hash | v | r | s.
uint256 constant RECOVERY = 0x240;
uint256 constant RECOVERY_V = 0x260;
uint256 constant RECOVERY_R = 0x280;
uint256 constant RECOVERY_S = 0x2a0;

// What a validator commits to or attests to, laid out for EIP-712 (see Commits): seven words.
uint256 constant COMMIT = 0x2c0;
uint256 constant COMMIT_EPOCH = 0x2e0;
uint256 constant COMMIT_ACCOUNT = 0x300;
uint256 constant COMMIT_ASSET = 0x320;
uint256 constant COMMIT_SEQUENCE = 0x340;
uint256 constant COMMIT_ROUND = 0x360;
uint256 constant COMMIT_VALUE = 0x380;
uint256 constant COMMIT_BYTES = 0xe0;

// Gas that must be left to begin another entry and to end what was begun.
uint256 constant RESERVED_GAS = 0x3a0;
// Fees of what was settled.
uint256 constant FEES = 0x3c0;
// How many withdrawals were settled.
uint256 constant WITHDRAWALS = 0x3e0;

// The least stake that commits: q of protocol section 2.
uint256 constant LEAST_STAKE = 0x400;

// The accounts of the batch (see Ledger); behind them, the items and outcomes (see Items).
uint256 constant LEDGER = 0x420;
