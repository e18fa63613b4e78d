import type { Address, Hex } from '@fastpay/protocol';
import { callData } from './call-data.ts';

/** Calldata of the way out of the reserve that needs no validator (§6). Each is sent by the account's owner. */

/** Asks for the whole balance, to be had after the reserve's exit delay. Reverts when asked already. */
export function encodeRequestExit(asset: Address): Hex {
  return callData('requestExit(address)', [asset]);
}

/** Takes the request back. Reverts when there is none. */
export function encodeCancelExit(asset: Address): Hex {
  return callData('cancelExit(address)', [asset]);
}

/** Sends the owner all that the account has in the reserve by then. Reverts before the delay is over. */
export function encodeExit(asset: Address): Hex {
  return callData('exit(address)', [asset]);
}
