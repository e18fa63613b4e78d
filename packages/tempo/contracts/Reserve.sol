// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Account, Accounts} from "./Accounts.sol";
import {Certificate, Certificates} from "./Certificates.sol";
import {Committees} from "./Committees.sol";
import {Orders, PaymentOrder} from "./Orders.sol";
import {ITip20, Tempo} from "./Tempo.sol";

/// What became of one entry of a batch.
enum Outcome {
    /// Gas ran low before it; send it again.
    NotReached,
    Settled,
    /// Its slot was used before. Nothing to do.
    AlreadySettled,
    /// Not the bytes of one commit certificate.
    Malformed,
    /// Of another asset than the batch.
    OtherAsset,
    /// Of another epoch than the reserve's.
    OtherEpoch,
    /// Settle the slots before it first.
    BeyondWindow,
    /// The order breaks a rule, or is not the one that was committed to.
    InvalidOrder,
    /// Settle what funds it first.
    InsufficientBalance,
    /// The payer did not sign the order.
    InvalidPayerSignature,
    /// A commit signature is wrong, or signers do not ascend.
    InvalidCommit,
    /// The signers hold less stake than a quorum.
    NoQuorum,
    /// The recipient's balance would leave its bounds.
    BalanceTooLarge
}

/// Holds every token that FastPay accounts own and moves them by commit certificates (protocol section 6).
/// Nobody owns it, nothing upgrades or pauses it.
contract Reserve {
    /// `amount` base units of `asset` now belong to `account`. Indices count up from 0 without gaps.
    event Deposited(uint64 indexed index, address indexed asset, address indexed account, uint64 amount);
    /// The slot (account, asset, sequence) is used up by `value`: a transaction hash, or zero for SKIP.
    event Settled(address indexed account, bytes32 indexed value, address asset, uint64 sequence);
    /// Entry `index` of the batch did nothing.
    event PassedOver(uint256 index, Outcome reason);
    /// Gas ran low: entry `index` of the batch and those after it were not looked at.
    event Stopped(uint256 index);
    /// The token refused to go to `recipient`; the amount waits for `release`.
    event Owed(address indexed asset, address indexed recipient, uint256 amount);
    event Released(address indexed asset, address indexed recipient, uint256 amount);
    /// The owner may take the whole balance out from `readyAt` (unix seconds) on.
    event ExitRequested(address indexed asset, address indexed account, uint64 readyAt);
    event ExitCancelled(address indexed asset, address indexed account);
    /// The whole balance of the account, `amount`, has left the ledger.
    event Exited(address indexed asset, address indexed account, uint256 amount);

    error WrongCommittee();
    error NotToken(address asset);
    error InvalidAccount(address account);
    error NothingArrived();
    error BalanceTooLarge();
    error NothingOwed();
    error TokenRefused();
    error Reentered();
    error ExitAlreadyRequested(uint64 readyAt);
    error ExitNotRequested();
    error ExitNotReady(uint64 readyAt);

    bytes32 private constant DOMAIN_TYPE_HASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
    );

    // Gas that must be left before an entry is begun, so that it cannot fail for lack of gas halfway. A word of
    // storage that was empty costs 250,000 on Tempo. Unused gas costs nothing.
    uint256 private constant GAS_PER_COMMIT = 5_000;
    uint256 private constant GAS_TRANSFER = 400_000;
    uint256 private constant GAS_WITHDRAW = 1_200_000;
    /// For the fees of the batch: a transfer to a new holder, or a note in `owed`.
    uint256 private constant GAS_TAIL = 1_000_000;

    bytes32 public immutable salt;
    bytes32 public immutable domainSeparator;
    bytes32 public immutable committeeHash;
    uint64 public immutable epoch;
    /// The least stake that commits: q of protocol section 2.
    uint64 public immutable quorum;
    /// Seconds between requesting and executing an exit.
    uint64 public immutable exitDelay;
    /// No event of this contract is older than this block.
    uint64 public immutable deploymentBlock;

    /// A struct, so that one lookup serves reading and writing.
    struct Record {
        Account account;
        /// Unix seconds; zero unless an exit stands requested.
        uint64 exitReadyAt;
    }

    mapping(address asset => mapping(address owner => Record)) private _records;
    /// What the token refused to send, for `recipient` to have later. Never ledger money.
    mapping(address asset => mapping(address recipient => uint256)) public owed;
    uint64 public depositCount;
    bool private transient _entered;

    modifier nonReentrant() {
        if (_entered) revert Reentered();
        _entered = true;
        _;
        _entered = false;
    }

    /// `committee` is settlement address 20 | stake u64 for each member. `randomness` makes the salt unrepeatable even
    /// where chain id, address and blocks repeat, as they do on development chains.
    constructor(bytes memory committee, bytes32 identityHash, uint64 epoch_, uint64 exitDelay_, bytes32 randomness) {
        epoch = epoch_;
        exitDelay = exitDelay_;
        deploymentBlock = uint64(block.number);
        quorum = Committees.quorumOf(committee);
        committeeHash = keccak256(abi.encodePacked(epoch_, identityHash, committee));
        salt = keccak256(
            abi.encode(randomness, block.chainid, address(this), blockhash(block.number - 1), block.timestamp)
        );
        domainSeparator = keccak256(
            abi.encode(DOMAIN_TYPE_HASH, keccak256("FastPay"), keccak256("1"), block.chainid, address(this), salt)
        );
    }

    /// Pulls `amount` of `asset` from the caller, who has approved it, and credits what arrived to `account`.
    function deposit(address asset, address account, uint64 amount) external nonReentrant returns (uint64 index) {
        if (!Tempo.isToken(asset)) revert NotToken(asset);
        if (
            account == address(0) || account == address(this) || Tempo.hasTip20Prefix(account)
                || Tempo.isVirtual(account)
        ) revert InvalidAccount(account);

        uint256 held = ITip20(asset).balanceOf(address(this));
        if (!ITip20(asset).transferFrom(msg.sender, address(this), amount)) revert TokenRefused();
        uint256 arrived = ITip20(asset).balanceOf(address(this)) - held;
        if (arrived == 0) revert NothingArrived();
        if (arrived > type(uint64).max) revert BalanceTooLarge();

        Record storage record = _records[asset][account];
        Account credited = record.account;
        uint256 newBalance = credited.balance() + arrived;
        if (newBalance > Accounts.MAX_BALANCE) revert BalanceTooLarge();
        record.account = credited.withBalance(newBalance);
        index = depositCount++;
        emit Deposited(index, asset, account, uint64(arrived));
    }

    /// Settles commit certificates of one asset, in their canonical binary form, oldest first. Open to anyone; the
    /// fees go to the caller. An entry that cannot be settled is passed over with its reason, and never
    /// undoes another. Stops cleanly when gas runs low. Reverts only when the committee is not the reserve's.
    function settle(address asset, bytes[] calldata certificates, bytes calldata committee, bytes32 identityHash)
        external
        nonReentrant
        returns (Outcome[] memory outcomes)
    {
        if (keccak256(abi.encodePacked(epoch, identityHash, committee)) != committeeHash) revert WrongCommittee();
        outcomes = new Outcome[](certificates.length);
        uint256 fees = 0;
        Certificate memory certificate = Certificates.empty();
        for (uint256 index = 0; index < certificates.length; ++index) {
            (Outcome outcome, uint256 fee) = _settleOne(asset, certificates[index], committee, certificate);
            if (outcome == Outcome.NotReached) {
                emit Stopped(index);
                break;
            }
            if (outcome != Outcome.Settled) emit PassedOver(index, outcome);
            outcomes[index] = outcome;
            fees += fee;
        }
        if (fees != 0) _send(asset, msg.sender, fees);
    }

    /// Sends what `recipient` is owed, if the token allows it now. Open to anyone.
    function release(address asset, address recipient) external nonReentrant returns (uint256 amount) {
        amount = owed[asset][recipient];
        if (amount == 0) revert NothingOwed();
        owed[asset][recipient] = 0;
        if (!Tempo.trySend(asset, recipient, amount)) revert TokenRefused();
        emit Released(asset, recipient, amount);
    }

    /// Asks for the caller's whole balance in `asset`, to be had after `exitDelay`. Deposits and settlements of the
    /// account go on as ever; validators sign no fresh order of it from now on.
    function requestExit(address asset) external nonReentrant returns (uint64 readyAt) {
        Record storage record = _records[asset][msg.sender];
        if (record.exitReadyAt != 0) revert ExitAlreadyRequested(record.exitReadyAt);
        readyAt = uint64(block.timestamp) + exitDelay;
        record.exitReadyAt = readyAt;
        emit ExitRequested(asset, msg.sender, readyAt);
    }

    function cancelExit(address asset) external nonReentrant {
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

    function balance(address asset, address owner) external view returns (uint256) {
        return _records[asset][owner].account.balance();
    }

    /// Every slot below `base` is used; bit i of `bitmap` tells whether slot base + i is.
    function window(address asset, address owner) external view returns (uint64 base, uint64 bitmap) {
        Account account = _records[asset][owner].account;
        return (account.base(), account.bitmap());
    }

    /// The order's transaction hash: the EIP-712 digest that its payer signs.
    function orderDigest(PaymentOrder memory order) external view returns (bytes32) {
        return _digest(Orders.structHash(order));
    }

    /// `certificate` is room to read `data` into; what the entry before left there is overwritten or not looked at.
    function _settleOne(
        address asset,
        bytes calldata data,
        bytes calldata committee,
        Certificate memory certificate
    ) private returns (Outcome, uint256 fee) {
        bool wellFormed = Certificates.read(data, certificate);
        bool isOrder = certificate.value != 0;
        bool isWithdraw = isOrder && certificate.order.kind == Orders.WITHDRAW;
        uint256 entryGas = (isWithdraw ? GAS_WITHDRAW : GAS_TRANSFER) + certificate.commitCount * GAS_PER_COMMIT;
        if (gasleft() < GAS_TAIL + entryGas) return (Outcome.NotReached, 0);
        if (!wellFormed) return (Outcome.Malformed, 0);
        if (certificate.asset != asset) return (Outcome.OtherAsset, 0);
        if (certificate.epoch != epoch) return (Outcome.OtherEpoch, 0);

        Record storage record = _records[asset][certificate.owner];
        Account payer = record.account;
        if (payer.isUsed(certificate.sequence)) return (Outcome.AlreadySettled, 0);
        if (payer.isBeyondWindow(certificate.sequence)) return (Outcome.BeyondWindow, 0);
        // The window could not move over it.
        if (certificate.sequence == type(uint64).max) return (Outcome.InvalidOrder, 0);

        uint256 cost = 0;
        if (isOrder) {
            PaymentOrder memory order = certificate.order;
            if (!Orders.isAllowed(order, address(this)) || _digest(Orders.structHash(order)) != certificate.value) {
                return (Outcome.InvalidOrder, 0);
            }
            cost = uint256(order.amount) + order.fee;
            if (payer.balance() < cost) return (Outcome.InsufficientBalance, 0);
            if (!Tempo.signedBy(order.sender, certificate.value, Certificates.payerSignature(data, certificate))) {
                return (Outcome.InvalidPayerSignature, 0);
            }
        }
        {
            bytes32 digest = _digest(Certificates.commitStructHash(certificate));
            (bool valid, uint256 stake) = Committees.committedStake(data, certificate, digest, committee);
            if (!valid) return (Outcome.InvalidCommit, 0);
            if (stake < quorum) return (Outcome.NoQuorum, 0);
        }
        if (isOrder && !isWithdraw && !_credit(asset, certificate.order.recipient, certificate.order.amount)) {
            return (Outcome.BalanceTooLarge, 0);
        }

        // The recipient is not the payer, so its credit has not changed this word.
        record.account = payer.markUsed(certificate.sequence).withBalance(payer.balance() - cost);
        emit Settled(certificate.owner, certificate.value, asset, certificate.sequence);
        if (!isOrder) return (Outcome.Settled, 0);
        if (isWithdraw) _send(asset, certificate.order.recipient, certificate.order.amount);
        return (Outcome.Settled, certificate.order.fee);
    }

    /// False, and nothing done, when the balance would leave its bounds.
    function _credit(address asset, address recipient, uint256 amount) private returns (bool) {
        Record storage record = _records[asset][recipient];
        uint256 newBalance = record.account.balance() + amount;
        if (newBalance > Accounts.MAX_BALANCE) return false;
        record.account = record.account.withBalance(newBalance);
        return true;
    }

    /// Money that has left the ledger leaves the reserve, or waits in `owed`.
    function _send(address asset, address recipient, uint256 amount) private {
        if (Tempo.trySend(asset, recipient, amount)) return;
        owed[asset][recipient] += amount;
        emit Owed(asset, recipient, amount);
    }

    /// EIP-712.
    function _digest(bytes32 structHash) private view returns (bytes32 digest) {
        bytes32 separator = domainSeparator;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, hex"1901")
            mstore(add(input, 0x02), separator)
            mstore(add(input, 0x22), structHash)
            digest := keccak256(input, 0x42)
        }
    }
}
