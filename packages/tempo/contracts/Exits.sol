// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Account, Accounts} from "./Accounts.sol";
import {EXIT_PLACE, Places} from "./Places.sol";
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
        uint256 place = Places.ofOwner(EXIT_PLACE, asset, msg.sender);
        readyAt = uint64(Places.read(place));
        if (readyAt != 0) revert ExitAlreadyRequested(readyAt);
        readyAt = uint64(block.timestamp) + exitDelay;
        Places.write(place, readyAt);
        emit ExitRequested(asset, msg.sender, readyAt);
    }

    function cancelExit(address asset) external {
        uint256 place = Places.ofOwner(EXIT_PLACE, asset, msg.sender);
        if (Places.read(place) == 0) revert ExitNotRequested();
        Places.write(place, 0);
        emit ExitCancelled(asset, msg.sender);
    }

    /// Sends the caller all that the account has here at this moment, and ends the request. The account lives on: what
    /// is credited to it later settles as ever, and so do its own slots where the balance allows.
    function exit(address asset) external nonReentrant returns (uint256 amount) {
        uint256 place = Places.ofOwner(EXIT_PLACE, asset, msg.sender);
        uint64 readyAt = uint64(Places.read(place));
        if (readyAt == 0) revert ExitNotRequested();
        if (block.timestamp < readyAt) revert ExitNotReady(readyAt);
        Places.write(place, 0);
        Account account = Accounts.load(asset, msg.sender);
        amount = account.balance();
        Accounts.store(asset, msg.sender, account.withBalance(0));
        emit Exited(asset, msg.sender, amount);
        if (amount != 0) _send(asset, msg.sender, amount);
    }

    /// When the exit of `owner` can be executed, in unix seconds; zero unless one stands requested.
    function exitReadyAt(address asset, address owner) external view returns (uint64) {
        return uint64(Places.read(Places.ofOwner(EXIT_PLACE, asset, owner)));
    }
}
