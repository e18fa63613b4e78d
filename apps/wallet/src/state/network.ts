import type { ChainHead, Transport, ValidatorStatus } from '@fastpay/client';
import type { Evidence } from '@fastpay/protocol';
import { createStore } from 'zustand/vanilla';
import type { DevnetPort, DevnetValidator, Platform } from '../platform/ports.ts';
import { type BlockSighting, intervalOf, keepRecent } from './blockPace.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.ts';

export interface NetworkState {
  readonly validators: readonly ValidatorStatus[];
  /** Proof that validators broke the protocol, verified in this browser. */
  readonly evidence: readonly Evidence[];
  readonly head: ChainHead | undefined;
  /** `Date.now()` when the head last moved, as seen here. */
  readonly headMovedAtMs: number | undefined;
  /** Milliseconds between blocks, as seen here. */
  readonly blockIntervalMs: number | undefined;
  readonly relay: 'unknown' | 'reachable' | 'unreachable';
  readonly problem: Problem | undefined;
  /** `Date.now()` when this browser last verified a signature of each validator, by committee index. */
  readonly verifiedAt: ReadonlyMap<number, number>;
  /** What the development network says about its processes; undefined anywhere else. */
  readonly processes: readonly DevnetValidator[] | undefined;
  /** Names of validators being stopped or started. */
  readonly switching: ReadonlySet<string>;
  attach(session: Session): void;
  detach(): void;
  noteVerified(signers: readonly number[], atMs: number): void;
  switchValidator(name: string, running: boolean): Promise<void>;
  /** Looks now instead of at the next tick. */
  look(): Promise<void>;
}

const HEAD_EVERY_MS = 700;
const COMMITTEE_EVERY_TICKS = 3;
const EVIDENCE_EVERY_TICKS = 40;

export function createNetwork(
  platform: Platform,
  hooks: {
    /** A validator went away or came back: what a quorum vouched for may no longer be had afresh, or can be again. */
    readonly onReachableChanged: () => void;
  },
) {
  let session: Session | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sightings: readonly BlockSighting[] = [];
  let ticks = 0;

  const empty = {
    validators: [],
    evidence: [],
    head: undefined,
    headMovedAtMs: undefined,
    blockIntervalMs: undefined,
    relay: 'unknown' as const,
    problem: undefined,
    verifiedAt: new Map<number, number>(),
    processes: undefined,
    switching: new Set<string>(),
  };

  return createStore<NetworkState>()((set, get) => {
    function takeHead(head: ChainHead): void {
      const moved = get().head?.latest.height !== head.latest.height;
      set({ head, relay: 'reachable', problem: undefined });
      if (!moved) return;
      const atMs = Date.now();
      sightings = keepRecent(sightings, { height: head.latest.height, atMs });
      set({ headMovedAtMs: atMs, blockIntervalMs: intervalOf(sightings) });
    }

    async function lookAtCommittee(transport: Transport, devnet: DevnetPort | undefined): Promise<void> {
      const before = get().validators;
      const validators = await transport.committeeStatus();
      set({ validators });
      if (before.length > 0 && reachableText(before) !== reachableText(validators)) hooks.onReachableChanged();
      if (!devnet) return;
      try {
        set({ processes: await devnet.validators() });
      } catch {
        // The network goes on without its remote control; the switches are simply not offered.
        set({ processes: undefined });
      }
    }

    async function look(withCommittee: boolean, withEvidence = withCommittee): Promise<void> {
      const current = session;
      if (!current) return;
      try {
        const head = await current.transport.chainHead();
        if (current !== session) return;
        takeHead(head);
        if (withCommittee) await lookAtCommittee(current.transport, devnetOf(current));
        if (withEvidence) await lookForEvidence(current);
      } catch (error) {
        if (current === session) set({ relay: 'unreachable', problem: problemOf(error) });
      }
    }

    /** What is known stays: proof does not go away because a relay keeps silent about it. */
    async function lookForEvidence(current: Session): Promise<void> {
      const found = await current.client.evidence();
      if (current === session && found.length > 0) set({ evidence: found });
    }

    function devnetOf(current: Session): DevnetPort | undefined {
      return current.devnetUrl === undefined ? undefined : platform.devnet(current.devnetUrl);
    }

    async function tick(): Promise<void> {
      if (document.visibilityState === 'visible') {
        await look(ticks % COMMITTEE_EVERY_TICKS === 0, ticks % EVIDENCE_EVERY_TICKS === 0);
        ticks++;
      }
      if (session) timer = setTimeout(() => void tick(), HEAD_EVERY_MS);
    }

    return {
      ...empty,

      attach(next) {
        get().detach();
        session = next;
        ticks = 0;
        if (!next.detached) void tick();
      },

      detach() {
        session = undefined;
        clearTimeout(timer);
        sightings = [];
        set(empty);
      },

      noteVerified(signers, atMs) {
        if (signers.length === 0) return;
        const verifiedAt = new Map(get().verifiedAt);
        for (const signer of signers) verifiedAt.set(signer, atMs);
        set({ verifiedAt });
      },

      async switchValidator(name, running) {
        const devnet = session && devnetOf(session);
        if (!devnet) return;
        set({ switching: new Set(get().switching).add(name) });
        try {
          await (running ? devnet.start(name) : devnet.stop(name));
        } finally {
          const switching = new Set(get().switching);
          switching.delete(name);
          set({ switching });
          await look(true);
        }
      },

      look: () => look(true),
    };
  });
}

function reachableText(validators: readonly ValidatorStatus[]): string {
  return validators
    .filter(({ reachable }) => reachable)
    .map(({ signer }) => signer)
    .toSorted((left, right) => left - right)
    .join();
}
