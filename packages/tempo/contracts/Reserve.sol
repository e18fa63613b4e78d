// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Accounts} from "./Accounts.sol";
import {Deposits} from "./Deposits.sol";
import {Epochs} from "./Epochs.sol";
import {Exits} from "./Exits.sol";
import {Orders, PaymentOrder} from "./Orders.sol";
import {Settlement} from "./Settlement.sol";
import {TypedData} from "./TypedData.sol";

/// Holds every token that FastPay accounts own and moves them by commit certificates (protocol section 6).
/// Nobody owns it, nothing upgrades or pauses it.
contract Reserve is Deposits, Exits, Settlement {
    /// No event of this contract is older than this block.
    uint64 public immutable deploymentBlock;

    /// @param committee epoch u64 | (settlement address 20 | stake u64) for each member.
    /// @param randomness Makes the salt unrepeatable even where chain id, address and blocks repeat, as they do on
    /// development chains.
    constructor(bytes memory committee, bytes32 identityHash, uint64 exitDelay_, bytes32 randomness)
        Exits(exitDelay_)
        Epochs(committee, identityHash, randomness)
    {
        deploymentBlock = uint64(block.number);
    }

    function balance(address asset, address owner) external view returns (uint256) {
        return Accounts.load(asset, owner).balance();
    }

    /// The slot that settles next: every one below is settled, none above.
    function nextSequence(address asset, address owner) external view returns (uint64) {
        return Accounts.load(asset, owner).next();
    }

    /// The order's transaction hash: the EIP-712 digest that its payer signs.
    function orderDigest(PaymentOrder calldata order) external view returns (bytes32) {
        return TypedData.digest(domainSeparator, Orders.structHash(order));
    }

    function _retirementDelay() internal view override returns (uint64) {
        return exitDelay;
    }
}
