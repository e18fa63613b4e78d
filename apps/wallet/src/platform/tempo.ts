import type { DepositSponsor } from '@fastpay/client';
import type { PayerSigner } from '@fastpay/crypto';
import { type Network, RejectError } from '@fastpay/protocol';
import {
  acceptSponsored,
  createJsonRpc,
  encodeCancelExit,
  encodeExit,
  encodeRelease,
  encodeRequestExit,
  estimateCallsCost,
  estimateDepositCost,
  estimateTransferCost,
  reserveAccount,
  type SignedTransaction,
  sendTransaction,
  signCalls,
  signDeposit,
  signDepositForSponsor,
  signSelfSettle,
  signTransfer,
  TempoError,
  tokenBalance,
  waitForReceipt,
} from '@fastpay/tempo/browser';
import type { TempoAction, TempoPort } from './ports.ts';

/** Of each call about one's own account; it may pay a holder that is new to the token. */
const OWN_CALL_GAS = 1_000_000n;
/** For the estimate only: how much settling takes is known with the certificates. */
const SETTLE_GAS = 3_000_000n;

/** The chain through the relay's allow-list. In a chunk of its own: most visits never go there. */
export function createTempoPort(
  { network, rpcUrl }: { readonly network: Network; readonly rpcUrl: string },
  { sponsor }: { readonly sponsor: DepositSponsor },
): TempoPort {
  const [listed] = network.assets;
  if (!listed) throw new Error('the network lists no asset');
  const token = listed.address;
  const rpc = createJsonRpc({ url: rpcUrl });
  const { reserve } = network.domain;

  function sign(signer: PayerSigner, action: TempoAction): Promise<SignedTransaction> {
    const dependencies = { rpc, signer };
    const callReserve = (data: ReturnType<typeof encodeExit>) =>
      signCalls({ network, asset: token, calls: [{ to: reserve, data }], gas: OWN_CALL_GAS, spends: 0n }, dependencies);
    switch (action.type) {
      case 'deposit':
        return signDeposit(
          { network, asset: token, amount: action.amount, ...(action.inPlaceOf && { inPlaceOf: action.inPlaceOf }) },
          dependencies,
        );
      case 'transfer': {
        const { recipient, amount, memo } = action;
        return signTransfer({ network, asset: token, recipient, amount, ...(memo && { memo }) }, dependencies);
      }
      case 'settle':
        return signSelfSettle({ network, asset: token, certificates: action.certificates }, dependencies);
      case 'requestExit':
        return callReserve(encodeRequestExit(token));
      case 'cancelExit':
        return callReserve(encodeCancelExit(token));
      case 'exit':
        return callReserve(encodeExit(token));
      case 'release':
        return callReserve(encodeRelease(token, signer.address));
    }
  }

  return {
    tokenBalance: (owner) => tokenBalance(rpc, token, owner),
    account: (owner) => reserveAccount(rpc, reserve, { owner, asset: token }),
    async fee(type) {
      if (type === 'deposit') return (await estimateDepositCost(rpc)).maxCost;
      if (type === 'transfer') return (await estimateTransferCost(rpc)).maxCost;
      return (await estimateCallsCost(rpc, type === 'settle' ? SETTLE_GAS : OWN_CALL_GAS)).maxCost;
    },
    async sponsor() {
      try {
        return await sponsor.offer();
      } catch (error) {
        // Whoever cannot be asked pays for nothing: the owner does, as always.
        if (error instanceof RejectError) return undefined;
        throw error;
      }
    },
    signForSponsor(signer, { offer, ...request }) {
      return signDepositForSponsor({ network, asset: token, terms: offer, ...request }, { rpc, signer });
    },
    async askSponsor(deposit) {
      const { rawTransaction } = await sponsor.sign(deposit.rawTransaction);
      return await acceptSponsored(deposit, rawTransaction);
    },
    sign,
    async send(transfer) {
      await sendTransaction(rpc, transfer);
    },
    async outcome(transactionHash) {
      try {
        const { blockHeight } = await waitForReceipt(rpc, transactionHash, { timeoutMs: 0 });
        return { success: true, height: blockHeight };
      } catch (error) {
        if (!(error instanceof TempoError)) throw error;
        if (error.code === 'NOT_INCLUDED') return undefined;
        if (error.code === 'REVERTED') return { success: false };
        throw error;
      }
    },
  };
}
