/**
 * One character a byte: equal bytes are equal strings, and strings compare as their bytes do (unsigned).
 * Byte arrays are not keys of a Map; these are.
 */
export function binaryKey(bytes: Uint8Array): string {
  // `apply` takes any array-like; spreading would go through an iterator and cost five times as much.
  return Reflect.apply(String.fromCharCode, undefined, bytes as ArrayLike<number>);
}
