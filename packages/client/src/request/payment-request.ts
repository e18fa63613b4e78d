import {
  type Address,
  type Amount,
  formatAmount,
  type Hash,
  type Network,
  parseAmount,
  RejectError,
  toAddress,
  toHash,
} from '@fastpay/protocol';
import { clientLimits } from '../limits.ts';
import { networkId } from '../network-id.ts';
import { checksummed, parseAddress } from './address-text.ts';

/** What one person asks another to pay. Everything but the recipient may be left to the payer. */
export interface PaymentRequest {
  readonly recipient: Address;
  readonly asset?: Address;
  /** Base units, above zero. */
  readonly amount?: Amount;
  /** Travels on chain in the open: an order number's hash, never text. */
  readonly memo?: Hash;
}

/** `fastpay:` is the scheme of the URI; web pages may register only `web+fastpay:`. */
const SCHEMES = ['fastpay', 'web+fastpay'];
const LINK_PATH = '#/pay';

/** What a request link may say besides the recipient, each at most once. */
const PARAMETERS = ['to', 'amount', 'asset', 'memo', 'network'] as const;
type Parameter = (typeof PARAMETERS)[number];

/** `fastpay:0x…?amount=12.50&network=…`, for QR codes and other apps. */
export function encodePaymentRequest(request: PaymentRequest, network: Pick<Network, 'domain'>): string {
  return `fastpay:${checksummed(request.recipient)}?${queryOf(request, network)}`;
}

/**
 * `https://wallet/#/pay?to=0x…&amount=12.50&network=…`, for messages. What stands behind `#` stays in the browser.
 * @param walletUrl where the wallet is served, for example `https://pay.example/`; anything behind `#` is replaced.
 */
export function encodePaymentLink(
  request: PaymentRequest,
  network: Pick<Network, 'domain'>,
  walletUrl: string,
): string {
  const base = walletUrl.split('#', 1)[0] ?? '';
  return `${base}${LINK_PATH}?to=${checksummed(request.recipient)}&${queryOf(request, network)}`;
}

function queryOf({ amount, asset, memo }: PaymentRequest, network: Pick<Network, 'domain'>): string {
  const parameters: [Parameter, string | undefined][] = [
    ['amount', amount === undefined ? undefined : formatAmount(amount)],
    ['asset', asset],
    ['memo', memo],
    ['network', networkId(network)],
  ];
  return parameters.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])).join('&');
}

/**
 * Reads whatever a person scanned or pasted: a plain address, a `fastpay:` URI, or a payment link of any origin (the
 * link's own wallet is not contacted).
 * @throws RejectError WRONG_CHAIN when it is for another network, NOT_PAYMENT for an asset that this network does not
 * list, INVALID_FORMAT otherwise.
 */
export function decodePaymentRequest(text: string, network: Pick<Network, 'domain' | 'assets'>): PaymentRequest {
  const trimmed = text.trim();
  if (trimmed.length > clientLimits.requestLength) throw unreadable('it is too long');
  if (/^0x/i.test(trimmed)) return { recipient: parseAddress(trimmed) };
  const { recipient, parameters } = splitRequest(trimmed);
  const asked = parameters.get('network');
  if (asked !== undefined && asked !== networkId(network)) {
    throw new RejectError(
      'WRONG_CHAIN',
      `this request is for network ${shown(asked)}, but this wallet is on network ${networkId(network)}`,
    );
  }
  const asset = parameters.get('asset');
  const amount = parameters.get('amount');
  const memo = parameters.get('memo');
  return {
    recipient: parseAddress(recipient),
    ...(asset === undefined ? {} : { asset: listedAsset(asset, network) }),
    ...(amount === undefined ? {} : { amount: amountAboveZero(amount) }),
    ...(memo === undefined ? {} : { memo: toHash(memo) }),
  };
}

/** Never more of a stranger's text in a message than a network id is long. */
function shown(id: string): string {
  return /^[0-9a-f]{1,12}$/.test(id) ? id : 'of an unknown kind';
}

function splitRequest(text: string): { recipient: string; parameters: ReadonlyMap<string, string> } {
  const uri = /^([a-z+]+):(?!\/\/)([^?]*)(?:\?(.*))?$/i.exec(text);
  if (uri && SCHEMES.includes((uri[1] ?? '').toLowerCase())) {
    const parameters = readParameters(uri[3] ?? '');
    if (parameters.has('to')) throw unreadable('it names two recipients');
    return { recipient: uri[2] ?? '', parameters };
  }
  const link = /^https?:\/\/[^#]*#\/pay\?(.*)$/i.exec(text);
  if (!link) throw unreadable('it is neither an address nor a payment request');
  const parameters = readParameters(link[1] ?? '');
  const recipient = parameters.get('to');
  if (recipient === undefined) throw unreadable('it names no recipient');
  return { recipient, parameters };
}

function readParameters(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!PARAMETERS.some((known) => known === name)) {
      // A later version may add what is safe to ignore; what is not, it marks.
      if (name.startsWith('req-')) throw unreadable('it asks for something that this wallet does not know');
      continue;
    }
    if (parameters.has(name)) throw unreadable(`it says ${name} twice`);
    parameters.set(name, value);
  }
  return parameters;
}

function listedAsset(text: string, network: Pick<Network, 'assets'>): Address {
  const asset = toAddress(text);
  if (!network.assets.some((listed) => listed.address === asset)) {
    throw new RejectError('NOT_PAYMENT', 'this request asks for an asset that this network does not have');
  }
  return asset;
}

function amountAboveZero(text: string): Amount {
  const amount = parseAmount(text);
  if (amount === 0n) throw unreadable('it asks for nothing');
  return amount;
}

function unreadable(problem: string): RejectError {
  return new RejectError('INVALID_FORMAT', `this is no payment request that can be read: ${problem}`);
}
