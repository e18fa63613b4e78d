import { limits, MAX_U64, type RejectCode, rejectMeanings, stages } from '@fastpay/protocol';
import { z } from 'zod';

/** Every JSON document of the REST face. The OpenAPI document is generated from these. */

const hex = (bytes: number, what: string) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`), `must be 0x and ${2 * bytes} hexadecimal digits`)
    .describe(`${what}: ${bytes} bytes in hexadecimal with 0x`);
const hexUpTo = (bytes: number, what: string) =>
  z
    .string()
    .regex(new RegExp(`^0x(?:[0-9a-fA-F]{2}){1,${bytes}}$`), `must be 0x and up to ${bytes} bytes in hexadecimal`)
    .describe(`${what}: up to ${bytes} bytes in hexadecimal with 0x`);

export const address = hex(20, 'Address').meta({ id: 'Address' });
export const hash = hex(32, 'Hash').meta({ id: 'Hash' });
export const nonce = hex(16, 'Nonce').meta({ id: 'Nonce' });
export const u64 = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,19})$/, 'must be a decimal string')
  .refine((text) => !/^\d{1,20}$/.test(text) || BigInt(text) <= MAX_U64, 'must be below 2^64')
  .meta({ id: 'Unsigned64', description: 'A whole number below 2^64 as a decimal string' });
const signed = z
  .string()
  .regex(/^(?:0|-?[1-9]\d{0,38})$/)
  .meta({ id: 'Signed', description: 'A whole number as a decimal string' });
export const signer = z
  .int()
  .min(0)
  .max(limits.committeeSize - 1)
  .meta({ id: 'Signer', description: 'Index of a validator in the committee' });

const order = z
  .strictObject({
    kind: z.union([z.literal(0), z.literal(1)]).describe('0 transfer to a FastPay account, 1 withdraw to Tempo'),
    sender: address,
    recipient: address,
    asset: address,
    amount: u64.describe('Base units (6 decimals)'),
    fee: u64.describe('Base units'),
    sequence: u64,
    validUntil: u64.describe('Unix seconds'),
    memo: hash,
    parents: z.array(hash).max(limits.parents),
  })
  .meta({ id: 'PaymentOrder', description: 'The message of the EIP-712 type PaymentOrder' });

export const signedOrder = z
  .strictObject({
    order,
    payerSignature: hexUpTo(limits.payerSignatureBytes, 'Tempo signature over the EIP-712 digest of the order'),
  })
  .meta({ id: 'SignedOrder' });

export const slot = z.strictObject({ owner: address, asset: address, sequence: u64 }).meta({ id: 'Slot' });

export const signerSignature = z.strictObject({
  signer,
  signature: hexUpTo(65, 'Ed25519 (vote, promise) or secp256k1 (commit) signature'),
});

export const certificate = z
  .strictObject({
    type: z.enum(['quorum', 'commit']),
    epoch: u64,
    slot,
    round: z.int().min(0).max(limits.maxRound),
    value: hash.describe('Transaction hash of the order, or zeros for SKIP'),
    signedOrder: signedOrder.optional().describe('Absent exactly when the value is SKIP'),
    signatures: z.array(signerSignature).max(limits.committeeSize).describe('Ascending by signer, each once'),
  })
  .meta({ id: 'Certificate' });

export const block = z
  .strictObject({ height: u64, hash, timestamp: u64.describe('Unix seconds') })
  .meta({ id: 'Block' });
export const chainHead = z.strictObject({ latest: block, finalized: block }).meta({ id: 'ChainHead' });
const settlement = z
  .strictObject({ block, transactionHash: hash.describe('Of the Tempo transaction') })
  .meta({ id: 'Settlement', description: 'Where the payment was seen on Tempo' });
const stage = z.enum(stages).meta({ id: 'Stage' });

export const payment = z
  .strictObject({
    transactionHash: hash,
    stage: stage.optional().describe('The furthest stage that evidence in this answer or the chain supports'),
    voteCount: z.int().min(0).describe('Verified votes known to this relay'),
    commitCount: z.int().min(0).describe('Verified commits known to this relay'),
    signedOrder: signedOrder.optional(),
    quorumCertificate: certificate.optional(),
    commitCertificate: certificate
      .optional()
      .describe('The receipt; with stage SKIPPED, the certificate of what the slot holds instead'),
    settlement: settlement.optional(),
  })
  .meta({ id: 'Payment' });

export const paymentSubmission = z
  .strictObject({
    signedOrder,
    attachments: z
      .array(certificate)
      .max(limits.attachments)
      .default([])
      .describe('Commit certificates of the payments that fund this one'),
  })
  .meta({ id: 'PaymentSubmission' });

const round = z
  .int()
  .min(1)
  .max(limits.firstExitRound - 1);
const authority = hexUpTo(limits.payerSignatureBytes, 'Tempo signature of the owner over the EIP-712 digest');

const newRound = z
  .strictObject({ epoch: u64, slot, round, signature: authority })
  .meta({ id: 'NewRound', description: 'The message of the EIP-712 type NewRound, signed' });

export const roundSubmission = z
  .strictObject({ newRound, attachments: z.array(certificate).max(limits.attachments).default([]) })
  .meta({ id: 'RoundSubmission' });

export const promise = z
  .strictObject({
    epoch: u64,
    slot,
    round: z.int().min(1).max(limits.maxRound),
    lock: z
      .strictObject({ epoch: u64, round: z.int().min(0).max(limits.maxRound), value: hash })
      .optional()
      .describe('What the validator committed to last'),
    signature: signerSignature,
  })
  .meta({ id: 'Promise', description: 'A validator signs nothing below this round in this slot any more' });

const lockCertificates = z
  .array(certificate)
  .max(limits.committeeSize)
  .describe('The quorum certificate of every lock that a promise names, each once');

export const proposalSubmission = z
  .strictObject({
    proposal: z
      .strictObject({
        epoch: u64,
        slot,
        round,
        value: hash.describe('Transaction hash of the order, or zeros for SKIP'),
        signedOrder: signedOrder.optional().describe('Absent exactly when the value is SKIP'),
        signature: authority,
      })
      .meta({ id: 'Proposal', description: 'The message of the EIP-712 type Propose, signed' }),
    promises: z.array(promise).max(limits.committeeSize),
    lockCertificates,
    attachments: z.array(certificate).max(limits.attachments).default([]),
  })
  .meta({ id: 'ProposalSubmission' });

export const certificateSubmission = z.strictObject({ certificate }).meta({ id: 'CertificateSubmission' });

export const failure = z
  .strictObject({ signer, code: z.string(), detail: z.string() })
  .meta({ id: 'ValidatorFailure', description: 'What a validator said against it' });

export const delivery = z
  .strictObject({ signers: z.array(signer).describe('Validators that took it in'), failures: z.array(failure) })
  .meta({ id: 'Delivery' });

export const promises = z
  .strictObject({
    promises: z.array(promise),
    lockCertificates,
    failures: z.array(failure),
    commitCertificate: certificate.optional().describe('Present when the slot is resolved already'),
  })
  .meta({ id: 'Promises' });

export const resolution = z
  .strictObject({ commitCertificate: certificate.describe('What the slot holds; a value of zeros is SKIP') })
  .meta({ id: 'Resolution' });

export const fundingClosure = z
  .strictObject({
    certificates: z.array(certificate).describe('Oldest first, the payment’s own last'),
    complete: z.boolean().describe('Whether a validator says that nothing is missing'),
  })
  .meta({ id: 'FundingClosure' });

const ballot = z
  .strictObject({
    epoch: u64,
    slot,
    round: z.int().min(0).max(limits.maxRound),
    value: hash,
    signature: signerSignature,
  })
  .meta({ id: 'SignedBallot' });
const evidence = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('votes'), first: ballot, second: ballot }),
    z.strictObject({ type: z.literal('commits'), first: ballot, second: ballot }),
    z.strictObject({ type: z.literal('promise'), promise, commit: ballot }),
  ])
  .meta({ id: 'Evidence', description: 'Two messages of one validator that no honest validator signs both' });
export const evidenceList = z.strictObject({ evidence: z.array(evidence) }).meta({ id: 'EvidenceList' });

const deposit = z
  .strictObject({ index: u64, owner: address, asset: address, amount: u64, block })
  .meta({ id: 'Deposit' });

const exit = z
  .strictObject({
    type: z.enum(['requested', 'cancelled', 'executed']),
    account: z.strictObject({ owner: address, asset: address }),
    readyAt: u64.optional().describe('With requested: unix seconds'),
    amount: u64.optional().describe('With executed: base units'),
    block,
  })
  .meta({ id: 'Exit', description: 'An account leaves, stays or has left' });

export const bulletinEntry = z
  .discriminatedUnion('type', [
    z.strictObject({ cursor: u64, type: z.literal('resolved'), certificate }),
    z.strictObject({ cursor: u64, type: z.literal('deposited'), deposit }),
    z.strictObject({ cursor: u64, type: z.literal('exit'), exit }),
    z.strictObject({ cursor: u64, type: z.literal('evidence'), evidence }),
    z.strictObject({
      cursor: u64,
      type: z.literal('settlement'),
      transactionHash: hash,
      stage,
      slot,
      settlement: settlement.optional(),
    }),
  ])
  .meta({ id: 'BulletinEntry' });

export const bulletin = z
  .strictObject({
    signer: signer.describe('Whose log this is; its cursors mean nothing to others'),
    entries: z.array(bulletinEntry),
    nextCursor: u64.describe('Pass as `after`, together with `signer`, for the next page'),
    hasMore: z.boolean(),
  })
  .meta({ id: 'Bulletin' });

export const statement = z
  .strictObject({
    signer,
    epoch: u64,
    balance: signed.describe('Base units'),
    next: u64.describe('First unresolved slot: the sequence of the next payment'),
    finalizedHeight: u64,
    finalizedHash: hash,
    unixMillis: u64,
    signature: hex(64, 'Ed25519 signature of the statement'),
    known: z.boolean().describe('Not signed: paying an account without an entry costs the surcharge'),
    pendingOrder: signedOrder.optional().describe('Not signed: the order voted for in the open slot'),
    exitReadyAt: u64
      .optional()
      .describe(
        'Not signed: unix seconds from which on the account can leave; present while its exit stands requested',
      ),
    overlay: z
      .strictObject({
        onChain: signed.describe('What the reserve holds for the account in finalized blocks'),
        unsettledIn: signed.describe('Payments to it that are final here and were not seen final on chain yet'),
        unsettledOut: signed.describe('The same from it, fees included'),
      })
      .optional()
      .describe('Not signed: what makes up the balance; balance = onChain + unsettledIn − unsettledOut'),
  })
  .meta({ id: 'Statement', description: 'What one validator signed about the account' });

export const account = z
  .strictObject({
    owner: address,
    asset: address,
    clientNonce: nonce,
    quorum: z
      .strictObject({ balance: signed, next: u64, signers: z.array(signer) })
      .optional()
      .describe('What validators of a quorum’s stake state alike; absent when they do not agree'),
    statements: z.array(statement),
    failures: z.array(failure),
  })
  .meta({ id: 'Account' });

export const validatorStatus = z
  .strictObject({
    reachable: z.boolean(),
    latencyMs: z.number().describe('Round trip seen by the relay'),
    error: z.string(),
    checkedUnixMillis: u64,
    version: z.string().optional(),
    uptimeMs: u64.optional(),
    votesSigned: u64.optional(),
    commitsSigned: u64.optional(),
    slotsResolved: u64.optional(),
    lastSignedUnixMillis: u64.optional(),
    observing: z.boolean().optional().describe('It signs nothing: its store was lost or rolled back'),
    chain: chainHead.optional(),
  })
  .meta({ id: 'ValidatorStatus', description: 'Unsigned; what the relay and the validator say' });

export const committee = z
  .strictObject({
    epoch: u64,
    committeeHash: hash,
    totalStake: u64,
    validityStake: u64.describe('Any validators with this much stake include an honest one'),
    quorumStake: u64.describe('The stake that certifies'),
    members: z.array(
      z.strictObject({
        signer,
        name: z.string(),
        votingKey: hash,
        settlementAddress: address,
        stake: u64,
        status: validatorStatus,
      }),
    ),
  })
  .meta({ id: 'Committee' });

export const network = z
  .strictObject({
    network: z.record(z.string(), z.unknown()).describe('The network manifest'),
    devnetUrl: z.string().optional().describe('Control of a devnet'),
  })
  .meta({ id: 'Network' });

export const jsonRpcRequest = z
  .strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string().max(64), z.int(), z.null()]),
    method: z.string().max(64),
    params: z.array(z.unknown()).max(4).default([]),
  })
  .meta({ id: 'JsonRpcRequest' });
export const jsonRpcResponse = z
  .strictObject({
    jsonrpc: z.literal('2.0'),
    id: z.union([z.string(), z.int(), z.null()]),
    result: z.unknown().optional(),
    error: z.strictObject({ code: z.int(), message: z.string() }).optional(),
  })
  .meta({ id: 'JsonRpcResponse' });

export const sponsorOffer = z
  .strictObject({
    name: z.string().max(limits.sponsorNameLength).describe('Who pays, for people'),
    feePayer: address,
    feeToken: address.describe('The token in which it pays'),
    gas: u64.describe('Exactly this much'),
    maxFeePerGas: u64.describe('Wei'),
    lifeSeconds: u64.describe('How far behind the latest block `validBefore` may lie'),
    minimumAmount: u64.describe('Base units'),
  })
  .meta({ id: 'SponsorOffer', description: 'What a deposit has to look like for its gas to be paid' });
export const sponsor = z
  .strictObject({ offer: sponsorOffer.optional().describe('Absent: whoever deposits pays') })
  .meta({ id: 'Sponsor' });
export const sponsorRequest = z
  .strictObject({
    rawTransaction: hexUpTo(
      limits.sponsoredTransactionBytes,
      'Tempo transaction (type 0x76): approve and deposit into the sender’s own account, signed by the sender, with the marker of a fee payer to come',
    ),
  })
  .meta({ id: 'SponsorRequest' });
export const sponsoredTransaction = z
  .strictObject({
    rawTransaction: hexUpTo(limits.sponsoredTransactionBytes, 'The same with the fee payer’s signature'),
    transactionHash: hash,
  })
  .meta({ id: 'SponsoredTransaction' });

export const problemCodes = [
  ...(Object.keys(rejectMeanings) as RejectCode[]),
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'INTERNAL',
] as const;

/** RFC 9457. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string(),
    money: z.string().describe('What happened to the money'),
    action: z.string().describe('What to do next'),
    retryable: z.boolean().describe('Whether the same bytes can succeed later'),
    facts: z
      .strictObject({
        expectedSequence: u64.optional(),
        balance: signed.optional(),
        requiredFee: u64.optional(),
        promisedRound: z.int().optional(),
        missingParents: z.array(hash).optional(),
        storedOrder: signedOrder.optional().describe('The order that holds the slot'),
        commitCertificate: certificate.optional().describe('What the slot holds'),
        retryAfterMs: z.number().optional(),
      })
      .describe('What is needed to go on'),
  })
  .meta({ id: 'Problem' });
