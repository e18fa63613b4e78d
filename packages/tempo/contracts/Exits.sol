// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Account, Record} from "./Accounts.sol";
import {Vault} from "./Vault.sol";

/// The way out that needs no committee: ask, wait, take what is there.
abstract contract Exits is Vault {
    /// The owner may take the whole balance out from `readyAt` (unix seconds) on.
    event ExitRequested(address indexed asset, address indexed account, uint64 readyAt);
    event ExitCancelled(address indexed asset, address indexed account);
    /// The whole balance of the account, `amount`, has left the ledger.
    event Exited(address indexed asset, address indexed account, uint256 amount);

    error ExitAlreadyRequested(uint64 readyAt);
    error ExitNotRequested();
    error ExitNotReady(uint64 readyAt);

    /// Seconds between requesting and executing an exit, and for which a retired committee's certificates settle.
    uint64 public immutable exitDelay;

    constructor(uint64 exitDelay_) {
        exitDelay = exitDelay_;
    }

    /// Asks for the caller's whole balance in `asset`, to be had after `exitDelay`. Deposits and settlements of the
    /// account go on as ever; validators sign no fresh order of it from now on.
    function requestExit(address asset) external returns (uint64 readyAt) {
        Record storage record = _records[asset][msg.sender];
        if (record.exitReadyAt != 0) revert ExitAlreadyRequested(record.exitReadyAt);
        readyAt = uint64(block.timestamp) + exitDelay;
        record.exitReadyAt = readyAt;
        emit ExitRequested(asset, msg.sender, readyAt);
    }

    function cancelExit(address asset) external {
        Record storage record = _records[asset][msg.sender];
        if (record.exitReadyAt == 0) revert ExitNotRequested();
        record.exitReadyAt = 0;
        emit ExitCancelled(asset, msg.sender);
    }

    /// Sends the caller all that the account has here at this moment, and ends the request. The account lives on: what
    /// is credited to it later settles as ever, and so do its own slots where the balance allows.
    function exit(address asset) external nonReentrant returns (uint256 amount) {
        Record storage record = _records[asset][msg.sender];
        uint64 readyAt = record.exitReadyAt;
        if (readyAt == 0) revert ExitNotRequested();
        if (block.timestamp < readyAt) revert ExitNotReady(readyAt);
        record.exitReadyAt = 0;
        Account account = record.account;
        amount = account.balance();
        record.account = account.withBalance(0);
        emit Exited(asset, msg.sender, amount);
        if (amount != 0) _send(asset, msg.sender, amount);
    }

    /// When the exit of `owner` can be executed, in unix seconds; zero unless one stands requested.
    function exitReadyAt(address asset, address owner) external view returns (uint64) {
        return _records[asset][owner].exitReadyAt;
    }
}
