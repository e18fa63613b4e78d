// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Record} from "./Accounts.sol";
import {Tempo} from "./Tempo.sol";

/// What the reserve holds for whom, and how tokens leave it.
abstract contract Vault {
    /// The token refused to go to `recipient`; the amount waits for `release`.
    event Owed(address indexed asset, address indexed recipient, uint256 amount);
    event Released(address indexed asset, address indexed recipient, uint256 amount);

    error BalanceTooLarge();
    error NothingOwed();
    error TokenRefused();
    error Reentered();

    mapping(address asset => mapping(address owner => Record)) internal _records;
    /// What has left the ledger and waits for `recipient`: fees that it earned by settling, and what the token refused
    /// to send. Never ledger money.
    mapping(address asset => mapping(address recipient => uint256)) public owed;
    bool private transient _entered;

    /// No TIP-20 token calls back today. Settling needs no lock: it sends tokens last, when all is written.
    modifier nonReentrant() {
        if (_entered) revert Reentered();
        _entered = true;
        _;
        _entered = false;
    }

    /// Sends what `recipient` is owed, if the token allows it now. Open to anyone.
    function release(address asset, address recipient) external nonReentrant returns (uint256 amount) {
        amount = owed[asset][recipient];
        if (amount == 0) revert NothingOwed();
        owed[asset][recipient] = 0;
        if (!Tempo.trySend(asset, recipient, amount)) revert TokenRefused();
        emit Released(asset, recipient, amount);
    }

    /// Money that has left the ledger leaves the reserve, or waits in `owed`.
    function _send(address asset, address recipient, uint256 amount) internal {
        if (Tempo.trySend(asset, recipient, amount)) return;
        owed[asset][recipient] += amount;
        emit Owed(asset, recipient, amount);
    }
}
