import { limits, toAddress } from '@fastpay/protocol';
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
const port = z.int().min(0).max(65_535);
const perMinute = z.int().min(1).max(1_000_000_000);

/** An origin as browsers send it: scheme, host and port, nothing after. */
const origin = url.refine((text) => new URL(text).origin === text, {
  error: 'must be an origin such as https://wallet.example, without a path',
});

/** Base units of a token. */
const units = z.int().min(1).max(1_000_000_000_000);
const perDay = z.int().min(1).max(1_000_000_000);

const sponsor = z.strictObject({
  name: z
    .string()
    .regex(/^[^\p{C}]+$/u, 'must be printable')
    .max(limits.sponsorNameLength)
    .describe('Who pays, as wallets show it'),
  keyFile: z.string().min(1).describe('Key of the account that pays (mode 0600)'),
  budgetFile: z.string().min(1).describe('Where what was spent survives a restart'),
  feeToken: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address')
    .transform(toAddress)
    .optional()
    .describe('Token to pay with; the network’s first one unless given'),
  unitsPerHour: units.default(2_000_000).describe('Base units of that token to spend in an hour at most'),
  unitsPerDay: units.default(10_000_000).describe('The same in a day'),
  depositsPerAccount: perDay.default(3).describe('Deposits of one account in a day'),
  depositsPerClient: perDay.default(20).describe('Deposits from one network address in a day'),
  minimumAmount: units.default(1_000_000).describe('Smallest deposit that is paid for, base units'),
  lifeSeconds: z.int().min(10).max(7_200).default(120).describe('How long a deposit can be included, at most'),
});

export type SponsorConfig = z.infer<typeof sponsor>;

export const configSchema = z.strictObject({
  networkFile: z.string().min(1).describe('Network manifest (JSON)'),
  validators: z
    .array(z.strictObject({ signer: z.int().min(0).max(127), url }))
    .min(1)
    .refine((list) => new Set(list.map(({ signer }) => signer)).size === list.length, {
      error: 'names a signer twice',
    })
    .describe('Where each validator answers; as text 0=http://one,1=http://two'),
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
      port: port.default(4700).describe('Port to listen on; 0 lets the system choose'),
    })
    .prefault({}),
  chain: z.strictObject({ rpcUrl: url.describe('JSON-RPC of a Tempo node') }),
  sponsor: sponsor.optional().describe('Pays for the gas of deposits; nobody does unless given'),
  walletDirectory: z.string().min(1).optional().describe('Built wallet to serve from /'),
  devnetUrl: origin.optional().describe('Control of a devnet; the wallet may call it'),
  allowedOrigins: z.array(origin).default([]).describe('Other origins whose pages may call this relay'),
  rateLimits: z
    .strictObject({
      requestsPerMinute: perMinute.default(1_200).describe('Requests of one address'),
      pagesPerMinute: perMinute
        .default(300)
        .describe('Pages of certificates, closures and lists of evidence for one address: each is verified first'),
      paymentsPerMinute: perMinute.default(120).describe('New payments of one sender account'),
    })
    .prefault({}),
  trustProxy: z.int().min(0).max(10).default(0).describe('Reverse proxies in front that set X-Forwarded-For'),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severe records to write'),
});

export type RelayConfig = z.infer<typeof configSchema>;

/** Fields that hold a path; relative ones are taken from the directory of the file that names them. */
export const pathFields: readonly string[] = [
  'networkFile',
  'walletDirectory',
  'sponsor.keyFile',
  'sponsor.budgetFile',
];

interface Setting {
  readonly field: string;
  readonly parse: (text: string) => unknown;
}

const whole = (text: string): unknown => (/^\d{1,15}$/.test(text) ? Number(text) : text);
const list = (text: string): string[] => text.split(',').filter((item) => item !== '');
const verbatim = (text: string): unknown => text;

/** Every field that a flag (`--listen.port`) or the environment (`FASTPAY_LISTEN_PORT`) can set, and how its text reads. */
export const settings: readonly Setting[] = [
  { field: 'networkFile', parse: verbatim },
  { field: 'validators', parse: (text) => list(text).map(parseValidator) },
  { field: 'listen.host', parse: verbatim },
  { field: 'listen.port', parse: whole },
  { field: 'chain.rpcUrl', parse: verbatim },
  { field: 'sponsor.name', parse: verbatim },
  { field: 'sponsor.keyFile', parse: verbatim },
  { field: 'sponsor.budgetFile', parse: verbatim },
  { field: 'sponsor.feeToken', parse: verbatim },
  { field: 'sponsor.unitsPerHour', parse: whole },
  { field: 'sponsor.unitsPerDay', parse: whole },
  { field: 'sponsor.depositsPerAccount', parse: whole },
  { field: 'sponsor.depositsPerClient', parse: whole },
  { field: 'sponsor.minimumAmount', parse: whole },
  { field: 'sponsor.lifeSeconds', parse: whole },
  { field: 'walletDirectory', parse: verbatim },
  { field: 'devnetUrl', parse: verbatim },
  { field: 'allowedOrigins', parse: list },
  { field: 'rateLimits.requestsPerMinute', parse: whole },
  { field: 'rateLimits.pagesPerMinute', parse: whole },
  { field: 'rateLimits.paymentsPerMinute', parse: whole },
  { field: 'trustProxy', parse: whole },
  { field: 'logLevel', parse: verbatim },
];

function parseValidator(text: string): unknown {
  const equals = text.indexOf('=');
  return equals < 0 ? text : { signer: whole(text.slice(0, equals)), url: text.slice(equals + 1) };
}
