import type { Secp256k1Signer } from '@fastpay/crypto';
import {
  type CommitCertificate,
  newRoundDigest,
  PATH_USD,
  type QuorumCertificate,
  type SignedNewRound,
  type SignedOrder,
  type Slot,
  toAmount,
  toSequence,
  transactionHash,
  ZERO_HASH,
} from '@fastpay/protocol';
import type { HonestValidator } from '../actors/honest-validator.ts';
import type { ValidatorNode } from '../actors/validator-node.ts';
import { createSimulatedKeyRing } from '../keys/key-ring.ts';
import { NO_FAULTS } from '../network/faults.ts';
import { drawPlan } from '../plan/draw-plan.ts';
import { keepChainGoing } from '../run/chain-life.ts';
import { run } from '../run/play.ts';
import { createWorld, type World } from '../run/world.ts';

/** Four honest validators in which nothing happens but what a test does; alice and bob have 20 pathUSD each. */
export interface SmallWorld {
  readonly world: World;
  /** Goes on for so long in virtual time. */
  pass(ms: number): Promise<void>;
  /** What comes of a question, while time passes. */
  answered<Answer>(asking: Promise<Answer>): Promise<Answer>;
  slotOf(owner: Owner): Slot;
  /** An order of the owner over its slot 0. */
  order(owner: Owner): Promise<SignedOrder>;
  newRound(owner: Owner, round: number): Promise<SignedNewRound>;
  /** The order voted for by everyone. */
  quorum(signedOrder: SignedOrder): Promise<QuorumCertificate>;
  /** The order voted for and committed to by everyone; resolved by nobody. */
  certify(signedOrder: SignedOrder): Promise<CommitCertificate>;
}

type Owner = 'alice' | 'bob';

const OTHER = { alice: 'bob', bob: 'alice' } as const;

export async function createSmallWorld(): Promise<SmallWorld> {
  const stakes = [1n, 1n, 1n, 1n];
  const world = createWorld(
    {
      ...drawPlan(1, { crypto: 'simulated' }),
      stakes,
      byzantine: [],
      hasByzantineRelay: false,
      validatorSkewMs: stakes.map(() => 0),
      diskSlownessMs: stakes.map(() => 20),
      devices: [],
      attackers: 0,
      rates: NO_FAULTS,
      settlesFromMs: 0,
      actions: (['alice', 'bob'] as const).map((owner) => ({
        id: `deposit/${owner}`,
        type: 'deposit',
        atMs: 0,
        owner,
        amount: 20_000_000n,
      })),
    },
    { isAllowed: () => true, keptTraceLines: 0 },
  );
  const { scheduler, model, network, honest, addressOf } = world;
  const { epoch } = network.committee;
  // The secrets follow from the names, so these are the owners that the world knows once it has been asked for them.
  const keys = createSimulatedKeyRing();
  const signers: Record<Owner, Secp256k1Signer> = { alice: keys.secp256k1('alice'), bob: keys.secp256k1('bob') };

  const pass = (ms: number) => run(world, scheduler.nowMs() + ms, () => false);
  async function answered<Answer>(asking: Promise<Answer>): Promise<Answer> {
    const [answer] = await Promise.all([asking, pass(1_000)]);
    return answer;
  }
  const slotOf = (owner: Owner): Slot => ({ owner: addressOf(owner), asset: PATH_USD, sequence: toSequence(0n) });

  /** Its owner's signature, of which the model hears. */
  function sign(owner: Owner, digest: ReturnType<typeof transactionHash>, order?: SignedOrder['order']) {
    model.payments.signed(addressOf(owner), digest, owner, order);
    return signers[owner].sign(digest);
  }

  const ask = async <Answer>(question: (node: ValidatorNode) => Promise<Answer>) =>
    await answered(Promise.all(honest.map(question)));

  async function quorum(signedOrder: SignedOrder): Promise<QuorumCertificate> {
    const { sender: owner, asset, sequence } = signedOrder.order;
    const value = transactionHash(signedOrder.order, model.separator);
    const votes = await ask((node) => node.vote({ signedOrder, attachments: [] }));
    const signatures = votes.flatMap((answer) => (answer.type === 'vote' ? [answer.vote.signature] : []));
    return { type: 'quorum', epoch, slot: { owner, asset, sequence }, round: 0, value, signedOrder, signatures };
  }

  for (const node of honest) node.start();
  keepChainGoing(world);
  world.endFaults();
  await pass(25_000);

  return {
    world,
    pass,
    answered,
    slotOf,
    async order(owner) {
      const { fees } = network;
      const order: SignedOrder['order'] = {
        kind: 0,
        sender: addressOf(owner),
        recipient: addressOf(OTHER[owner]),
        asset: PATH_USD,
        amount: toAmount(1_000_000n),
        fee: toAmount(fees.minimum + fees.newRecipientSurcharge),
        sequence: slotOf(owner).sequence,
        validUntil: BigInt(Math.floor(scheduler.nowMs() / 1_000)) + 600n,
        memo: ZERO_HASH,
        parents: [],
      };
      return { order, payerSignature: await sign(owner, transactionHash(order, model.separator), order) };
    },
    async newRound(owner, round) {
      const slot = slotOf(owner);
      const digest = newRoundDigest({ separator: model.separator, epoch }, slot, round);
      return { epoch, slot, round, authority: { type: 'owner', signature: await sign(owner, digest) } };
    },
    quorum,
    async certify(signedOrder) {
      const certificate = await quorum(signedOrder);
      const commits = await ask((node) => node.commit({ certificate, attachments: [] }));
      const signatures = commits.flatMap((answer) => (answer.type === 'commit' ? [answer.commit.signature] : []));
      return { ...certificate, type: 'commit', signatures };
    },
  };
}

/** One of the four. */
export function validatorOf({ honest }: World, signer: number): HonestValidator {
  const node = honest[signer];
  if (!node) throw new RangeError(`there is no validator ${signer}`);
  return node;
}
