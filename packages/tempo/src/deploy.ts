import { assertValidVotingKeys, type PayerSigner } from '@fastpay/crypto';
import {
  type Address,
  assertValidCommittee,
  type Committee,
  committeeHash,
  committeeIdentityHash,
  type Domain,
  domainSeparator,
  type Hash,
  PATH_USD,
  toHex,
} from '@fastpay/protocol';
import * as AbiConstructor from 'ox/AbiConstructor';
import { addressIn, objectIn } from './answers.ts';
import { TempoError } from './errors.ts';
import { reserveAbi, reserveBytecode } from './gen/reserve.ts';
import { createJsonRpc } from './json-rpc.ts';
import { sendCalls } from './send-calls.ts';
import { packedEpochCommittee } from './settle-batch.ts';
import { createTempoChain } from './tempo-chain.ts';
import { chainIdOf } from './transaction.ts';

/** Measured 28.0 million (`npm run gas`), nearly all of it for the code's bytes. Tempo ends transactions at 30 million. */
const DEPLOY_GAS = 29_500_000n;

export interface DeployOptions {
  readonly rpcUrl: string;
  /** Pays for it and has no say afterwards. */
  readonly signer: PayerSigner;
  readonly committee: Committee;
  readonly exitDelaySeconds: bigint;
  /** pathUSD unless given. */
  readonly feeToken?: Address;
}

export interface DeployedReserve {
  readonly address: Address;
  readonly salt: Hash;
  readonly transactionHash: Hash;
  readonly blockHeight: bigint;
  readonly domain: Domain;
}

/**
 * Deploys a reserve for the committee and holds what it says of itself against the protocol.
 * @throws RejectError INVALID_FORMAT for the committee; TempoError WRONG_RESERVE when it differs, otherwise as
 * `sendTransaction` and `waitForReceipt`.
 */
export async function deployReserve(options: DeployOptions): Promise<DeployedReserve> {
  const { rpcUrl, signer, committee, exitDelaySeconds, feeToken = PATH_USD } = options;
  assertValidCommittee(committee);
  assertValidVotingKeys(committee);
  const rpc = createJsonRpc({ url: rpcUrl });
  const randomness = crypto.getRandomValues(new Uint8Array(32));
  const data = AbiConstructor.encode(AbiConstructor.fromAbi(reserveAbi), {
    bytecode: reserveBytecode,
    args: [
      toHex(packedEpochCommittee(committee)),
      committeeIdentityHash(committee),
      exitDelaySeconds,
      toHex(randomness),
    ],
  });
  const { transactionHash, blockHeight } = await sendCalls([{ data }], { feeToken, gas: DEPLOY_GAS }, { rpc, signer });
  const receipt = objectIn(await rpc.request('eth_getTransactionReceipt', [transactionHash]), 'receipt');
  const address = addressIn(receipt.contractAddress, 'contract address');

  const info = await createTempoChain({ rpcUrl, reserve: address }, { rpc }).reserveInfo();
  const domain: Domain = { chainId: await chainIdOf(rpc), reserve: address, salt: info.salt };
  if (info.committeeHash !== committeeHash(committee) || info.domainSeparator !== domainSeparator(domain)) {
    throw new TempoError('WRONG_RESERVE', 'the deployed reserve does not say what it was told', { transactionHash });
  }
  return { address, salt: info.salt, transactionHash, blockHeight, domain };
}
