// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Account, Accounts} from "./Accounts.sol";
import {ACCOUNT_PLACE, OWED_PLACE, Places} from "./Places.sol";
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

    bool private transient _entered;

    /// No TIP-20 token calls back today. Settling needs no lock: it sends tokens last, when all is written.
    modifier nonReentrant() {
        if (_entered) revert Reentered();
        _entered = true;
        _;
        _entered = false;
    }

    /// What has left the ledger and waits for `recipient`: fees that it earned by settling, and what the token refused
    /// to send. Never ledger money.
    function owed(address asset, address recipient) external view returns (uint256) {
        return Accounts.load(asset, recipient).fees() + Places.read(Places.ofOwner(OWED_PLACE, asset, recipient));
    }

    /// Sends what `recipient` is owed, if the token allows it now. Open to anyone.
    function release(address asset, address recipient) external nonReentrant returns (uint256 amount) {
        Account account = Accounts.load(asset, recipient);
        uint256 place = Places.ofOwner(OWED_PLACE, asset, recipient);
        amount = account.fees() + Places.read(place);
        if (amount == 0) revert NothingOwed();
        Accounts.store(asset, recipient, account.withoutFees());
        Places.write(place, 0);
        if (!Tempo.trySend(asset, recipient, amount)) revert TokenRefused();
        emit Released(asset, recipient, amount);
    }

    /// Money that has left the ledger leaves the reserve, or waits in `owed`.
    function _send(address asset, address recipient, uint256 amount) internal {
        if (Tempo.trySend(asset, recipient, amount)) return;
        _owe(asset, recipient, amount);
        emit Owed(asset, recipient, amount);
    }

    /// What the caller earned by settling waits in its account's word, as far as it fits.
    function _noteFees(address asset, uint256 amount) internal {
        uint256 place = Places.ofOwner(ACCOUNT_PLACE, asset, msg.sender);
        uint256 word = Places.read(place);
        uint256 sum = Account.wrap(word).fees() + amount;
        if (sum > Accounts.MAX_FEES) return _owe(asset, msg.sender, amount);
        Places.write(place, word + (amount << Accounts.FEES_SHIFT));
    }

    function _owe(address asset, address recipient, uint256 amount) internal {
        uint256 place = Places.ofOwner(OWED_PLACE, asset, recipient);
        Places.write(place, Places.read(place) + amount);
    }
}
