import { type Hash, hashFromBytes, utf8 } from '@fastpay/protocol';

const MEMO_BYTES = 32;

/** A typed memo as the 32 bytes that the token carries: UTF-8, filled up with zeros at the end. */
export function readMemo(text: string): { readonly memo?: Hash } | { readonly problem: string } {
  const clean = text.trim();
  if (clean === '') return {};
  const bytes = utf8(clean);
  if (bytes.length > MEMO_BYTES) return { problem: `Too long by ${bytes.length - MEMO_BYTES} bytes.` };
  const padded = new Uint8Array(MEMO_BYTES);
  padded.set(bytes);
  return { memo: hashFromBytes(padded) };
}
