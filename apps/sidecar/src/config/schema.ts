import { z } from 'zod';

/**
 * Every setting of the sidecar, once: the schema checks it, and its descriptions are the help text. Messages say
 * what is expected and never repeat what was given, since an RPC address may hold a key.
 */

const text = (expected: string) => z.string({ error: expected }).min(1, { error: expected });
const path = (expected: string) => text(expected).meta({ path: true });
const whole = (minimum: number, maximum: number) => {
  const error = `expected a whole number from ${minimum} to ${maximum}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
};

const onOff = () => z.boolean({ error: 'expected true or false' }).default(true);

const listen = z.strictObject({
  host: text('expected a host name or address').default('127.0.0.1').describe('address to listen on'),
  port: whole(0, 65_535).default(4701).describe('TCP port to listen on; 0 lets the system choose'),
});

const simulated = z.strictObject({
  blockTimeMs: whole(100, 10_000).default(500).describe('milliseconds between two blocks of a simulated chain'),
  depositsFile: z
    .string({ error: 'expected the path of a file' })
    .default('')
    .meta({ path: true })
    .describe('what a simulated chain begins with (JSON): its time, and who has money; the same for every validator'),
});

const HTTP = 'expected an http:// or https:// address';
const httpAddress = z.url({ protocol: /^https?$/ });

const chain = z
  .strictObject({
    mode: z
      .enum(['tempo', 'simulated'], { error: 'expected tempo or simulated' })
      .default('tempo')
      .describe('tempo follows a Tempo node; simulated needs none and settles nothing: for demonstrations'),
    rpcUrl: z
      .string({ error: HTTP })
      .refine((value) => value === '' || httpAddress.safeParse(value).success, { error: HTTP })
      .default('')
      .describe('JSON-RPC address of a Tempo node, required unless the chain is simulated; never logged'),
    pollIntervalMs: whole(20, 60_000).default(250).describe('milliseconds between two looks at the chain'),
    timeoutMs: whole(100, 60_000).default(5_000).describe('milliseconds that one JSON-RPC call may take'),
    rangeBlocks: whole(1, 10_000).default(1_000).describe('most blocks asked for in one log query'),
    staleAfterMs: whole(1_000, 86_400_000)
      .default(60_000)
      .describe('age of the last finalized block, in milliseconds, from which on /readyz says no'),
    watch: onOff().describe('whether the chain is followed; without it nothing is voted on, nor settled'),
    simulated: simulated.prefault({}),
  })
  .superRefine(({ mode, rpcUrl, simulated: { depositsFile } }, context) => {
    if (mode === 'tempo' && rpcUrl === '') {
      context.addIssue({ code: 'custom', path: ['rpcUrl'], message: HTTP });
    }
    if (mode === 'simulated' && depositsFile === '') {
      context.addIssue({ code: 'custom', path: ['simulated', 'depositsFile'], message: 'expected the path of a file' });
    }
  });

const limits = z.strictObject({
  connections: whole(1, 65_535).default(1_024).describe('most open connections'),
  requestsInFlight: whole(1, 65_535).default(512).describe('most requests being worked on at once'),
  streams: whole(1, 65_535).default(512).describe('most open StreamPayment and WatchBulletin calls'),
  streamsPerAddress: whole(1, 65_535).default(256).describe('of these, most for one remote address'),
  requestsPerSecondPerAddress: whole(1, 1_000_000)
    .default(4_000)
    .describe('sustained requests a second from one remote address; a relay is one address'),
  requestBurstPerAddress: whole(1, 1_000_000).default(8_000).describe('requests at once from one remote address'),
  paymentsPerSecondPerAccount: whole(1, 1_000_000)
    .default(200)
    .describe('sustained new payments a second of one account'),
  paymentBurstPerAccount: whole(1, 1_000_000).default(400).describe('new payments at once of one account'),
  pagesPerSecondPerAddress: whole(1, 1_000_000)
    .default(50)
    .describe(
      'sustained pages of certificates, closures, attestations, evidence and the log a second for one remote address',
    ),
});

const settlement = z.strictObject({
  submit: onOff().describe('whether this validator settles payments on Tempo; the settlement key pays the gas'),
  intervalMs: whole(50, 600_000).default(500).describe('milliseconds between two looks at what is to be settled'),
});

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export const configSchema = z.strictObject({
  networkFile: path('expected the path of a network manifest').describe('network manifest (JSON)'),
  name: text('expected a name').describe('name of this validator in the committee of the manifest'),
  mainnet: z
    .enum(['', 'yes'], { error: 'expected yes or nothing' })
    .default('')
    .describe('yes: this is real money; without it a manifest of mainnet is refused'),
  listen: listen.prefault({}),
  dataDirectory: path('expected the path of a directory').describe(
    'directory of the durable store; made when absent; one process at a time',
  ),
  keyFile: path('expected the path of a key file').describe('key file made by keygen; mode 0600 or 0400'),
  markerFile: z
    .string({ error: 'expected the path of a file' })
    .default('')
    .meta({ path: true })
    .describe('file of the signing marker, apart from the store; empty: the name of the key file with .marker'),
  chain: chain.prefault({}),
  settlement: settlement.prefault({}),
  peers: z
    .array(
      z
        .string({ error: 'expected an entry such as Edgar=http://10.0.0.2:4701' })
        .regex(/^[^=]+=https?:\/\/[^/\s]+$/, { error: 'expected an entry such as Edgar=http://10.0.0.2:4701' }),
      { error: 'expected a list of entries such as Edgar=http://10.0.0.2:4701' },
    )
    .default([])
    .describe('where the other validators are, as Name=URL; the own name is passed over'),
  peerIntervalMs: whole(50, 600_000)
    .default(1_000)
    .describe('milliseconds between two looks at a peer that had nothing new'),
  staleLockMs: whole(1_000, 86_400_000)
    .default(10_000)
    .describe(
      'milliseconds after which a payment that it has committed to, and nobody finished, is finished by itself',
    ),
  allowedOrigins: z
    .array(
      z
        .string({ error: 'expected an origin such as https://wallet.example' })
        .regex(/^https?:\/\/[^/\s]+$/, { error: 'expected an origin such as https://wallet.example' }),
      { error: 'expected a list of origins' },
    )
    .default([])
    .describe('origins that browsers may call from'),
  limits: limits.prefault({}),
  drainTimeoutMs: whole(0, 600_000)
    .default(5_000)
    .describe('milliseconds that requests in flight get to finish after SIGTERM'),
  logLevel: z
    .enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` })
    .default('info')
    .describe('least severe level that is logged'),
});

export type SidecarConfig = z.output<typeof configSchema>;
