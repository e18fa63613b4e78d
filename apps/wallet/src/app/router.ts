/**
 * Routes live behind the `#`, so that any static file server can serve the wallet, offline too, and so that what a
 * link says never reaches a server. Nothing secret is ever put into a route.
 */
export const screens = [
  'home',
  'pay',
  'amount',
  'review',
  'payment',
  'receive',
  'deposit',
  'withdraw',
  'send',
  'exit',
  'activity',
  'transaction',
  'network',
  'settings',
] as const;
export type Screen = (typeof screens)[number];

export interface Route {
  readonly screen: Screen;
  /** The part after the screen's name: a transaction hash. */
  readonly id?: string;
  readonly query: ReadonlyMap<string, string>;
}

const names: Record<Screen, string> = {
  home: '',
  pay: 'pay',
  amount: 'pay/amount',
  review: 'pay/review',
  payment: 'pay/now',
  receive: 'receive',
  deposit: 'deposit',
  withdraw: 'withdraw',
  send: 'send',
  exit: 'exit',
  activity: 'activity',
  transaction: 'activity/',
  network: 'network',
  settings: 'settings',
};

const byName = new Map<string, Screen>(screens.map((screen) => [names[screen], screen]));
const NO_QUERY: ReadonlyMap<string, string> = new Map();

/** Anything unknown is the home screen: a stale link must never leave a person in front of an error. */
export function parseHash(hash: string): Route {
  const [path = '', query] = hash.replace(/^#\/?/, '').split('?', 2);
  const clean = path.replace(/\/+$/, '');
  const parameters = query === undefined ? NO_QUERY : new Map(new URLSearchParams(query));
  const screen = byName.get(clean);
  if (screen) return { screen, query: parameters };
  const transaction = /^activity\/(0x[0-9a-f]{64})$/.exec(clean);
  if (transaction?.[1]) return { screen: 'transaction', id: transaction[1], query: parameters };
  return { screen: 'home', query: NO_QUERY };
}

export function formatHash(screen: Screen, id = '', query?: Record<string, string>): string {
  const search = query ? `?${new URLSearchParams(query)}` : '';
  return `#/${names[screen]}${id}${search}`;
}
