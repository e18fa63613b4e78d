import { isIPv4, isIPv6 } from 'node:net';

/**
 * The key under which a remote address is counted: an IPv4 address as it is (also when mapped into IPv6), and of an
 * IPv6 address its first 64 bits, since one host commonly has all of the rest.
 */
export function remoteKey(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIPv4(address) || !isIPv6(address)) return address;
  return `${expandedGroups(address).slice(0, 4).join(':')}::/64`;
}

/** Eight groups without leading zeros; a zone such as `%eth0` is dropped. */
function expandedGroups(address: string): string[] {
  const [head = '', tail] = address.replace(/%.*$/, '').toLowerCase().split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].map((group) => group.replace(/^0+(?=.)/, ''));
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
