import type { PayerSigner } from '@fastpay/crypto';
import { type Address, type Hex, hashFromBytes, keccak256, PATH_USD, toAddress, utf8 } from '@fastpay/protocol';
import * as AbiFunction from 'ox/AbiFunction';
import { ethCall } from '../eth-call.ts';
import type { JsonRpc } from '../json-rpc.ts';
import type { TempoCall } from '../transaction.ts';

/** A real TIP-20 token whose issuer, the lab's treasury, can make it refuse transfers. */
export interface TestToken {
  readonly address: Address;
  /** No transfer at all until `unpause`. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** From now on nobody can send the token to this account, nor it to anybody (TIP-403). */
  block(account: Address): Promise<void>;
  unblock(account: Address): Promise<void>;
  mint(account: Address, amount: bigint): Promise<void>;
}

/** Where a token is made; a lab is one. */
export interface TokenChain {
  readonly rpc: JsonRpc;
  readonly treasury: PayerSigner;
  /** Rejects unless the calls succeed. */
  send(signer: PayerSigner, calls: readonly TempoCall[]): Promise<unknown>;
}

const FACTORY = toAddress('0x20fc000000000000000000000000000000000000');
const POLICIES = toAddress('0x403c000000000000000000000000000000000000');
const BLACKLIST = 1;
const SUPPLY = 1_000_000_000_000n;

const abi = {
  createToken: AbiFunction.from(
    'function createToken(string name, string symbol, string currency, address quoteToken, address admin, bytes32 salt) returns (address)',
  ),
  tokenAddress: AbiFunction.from('function getTokenAddress(address sender, bytes32 salt) view returns (address)'),
  grantRole: AbiFunction.from('function grantRole(bytes32 role, address account)'),
  mint: AbiFunction.from('function mint(address to, uint256 amount)'),
  pause: AbiFunction.from('function pause()'),
  unpause: AbiFunction.from('function unpause()'),
  createPolicy: AbiFunction.from('function createPolicy(address admin, uint8 policyType) returns (uint64)'),
  policyCount: AbiFunction.from('function policyIdCounter() view returns (uint64)'),
  setPolicy: AbiFunction.from('function changeTransferPolicyId(uint64 newPolicyId)'),
  modifyBlacklist: AbiFunction.from(
    'function modifyPolicyBlacklist(uint64 policyId, address account, bool restricted)',
  ),
};

export async function createToken(chain: TokenChain, name: string): Promise<TestToken> {
  const { rpc, treasury } = chain;
  const send = (to: Address, data: Hex) => chain.send(treasury, [{ to, data }]);
  const view = (to: Address, data: Hex) => ethCall(rpc, { to, data }, 'view');

  const salt = hashFromBytes(keccak256(utf8(name)));
  const address = toAddress(
    AbiFunction.decodeResult(
      abi.tokenAddress,
      await view(FACTORY, AbiFunction.encodeData(abi.tokenAddress, [treasury.address, salt])),
    ),
  );
  await send(FACTORY, AbiFunction.encodeData(abi.createToken, [name, name, 'USD', PATH_USD, treasury.address, salt]));
  for (const role of ['ISSUER_ROLE', 'PAUSE_ROLE', 'UNPAUSE_ROLE']) {
    const roleHash = hashFromBytes(keccak256(utf8(role)));
    await send(address, AbiFunction.encodeData(abi.grantRole, [roleHash, treasury.address]));
  }
  const mint = async (account: Address, amount: bigint) => {
    await send(address, AbiFunction.encodeData(abi.mint, [account, amount]));
  };
  await mint(treasury.address, SUPPLY);
  const policy = AbiFunction.decodeResult(
    abi.policyCount,
    await view(POLICIES, AbiFunction.encodeData(abi.policyCount)),
  );
  await send(POLICIES, AbiFunction.encodeData(abi.createPolicy, [treasury.address, BLACKLIST]));
  await send(address, AbiFunction.encodeData(abi.setPolicy, [policy]));

  const restrict = async (account: Address, restricted: boolean) => {
    await send(POLICIES, AbiFunction.encodeData(abi.modifyBlacklist, [policy, account, restricted]));
  };
  return {
    address,
    pause: async () => void (await send(address, AbiFunction.encodeData(abi.pause))),
    unpause: async () => void (await send(address, AbiFunction.encodeData(abi.unpause))),
    block: (account) => restrict(account, true),
    unblock: (account) => restrict(account, false),
    mint,
  };
}
