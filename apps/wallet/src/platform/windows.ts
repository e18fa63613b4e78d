import { type Address, RejectError, toAddress } from '@fastpay/protocol';
import type { Windows } from './ports.ts';

const CHANNEL = 'fastpay.accounts';

/** A hint, nothing more: whoever hears it reads the store and asks the validators. */
export function createWindows(): Windows {
  const channel = new BroadcastChannel(CHANNEL);
  return {
    announce(owner) {
      channel.postMessage(owner);
    },
    listen(onChange) {
      const hear = ({ data }: MessageEvent<unknown>) => {
        const owner = addressIn(data);
        if (owner) onChange(owner);
      };
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
  };
}

function addressIn(data: unknown): Address | undefined {
  try {
    return toAddress(String(data));
  } catch (error) {
    if (error instanceof RejectError) return undefined;
    throw error;
  }
}
