import { bytesOf, type CommitCertificate } from '@fastpay/protocol';
import { certificateToProto, paymentFromProto } from '@fastpay/rpc';
import { expect } from 'vitest';
import { createConnectClient, metricOf } from './connect.ts';
import { freePorts } from './free-port.ts';
import { type SidecarProcess, startSidecarProcess } from './sidecar-process.ts';
import type { TestNetwork } from './test-network.ts';

/** Every member of a committee as a process of its own, all of which settle and know each other. */
export interface SettlingCommittee {
  /** Starts the member of that index, on the port that it always has. */
  start(signer: number, ...flags: readonly string[]): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(signer: number): Promise<void>;
  /** Indices of the members that run. */
  readonly running: readonly number[];
  /** Hands certificates, fewer of each account than 64, to every member that runs. */
  submit(certificates: readonly CommitCertificate[]): Promise<void>;
  /** Resolves when every member that runs calls all of them final. */
  finalized(certificates: readonly CommitCertificate[]): Promise<void>;
  /** Resolves when every member that runs has seen the chain up to that height. */
  sees(height: bigint): Promise<void>;
  record(signer: number, accept: (record: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  metric(signer: number, name: string): Promise<number>;
  /** Of all that run. */
  total(name: string): Promise<number>;
  url(signer: number): string;
  stop(): Promise<void>;
}

export async function createSettlingCommittee(net: TestNetwork): Promise<SettlingCommittee> {
  const names = net.network.committee.members.map(({ name }) => name);
  const ports = await freePorts(names.length);
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const peers = names.map((name, signer) => `${name}=${urls[signer]}`).join(',');
  const processes = new Map<number, SidecarProcess>();

  function processOf(signer: number): SidecarProcess {
    const found = processes.get(signer);
    if (!found) throw new Error(`${names[signer]} does not run`);
    return found;
  }

  async function stageOf(url: string, { value }: CommitCertificate) {
    const { payment } = await createConnectClient(url).getPayment({ transactionHash: bytesOf(value) });
    return payment && paymentFromProto(payment).stage;
  }

  /** Side by side: fewer of one account than the window of slots takes. */
  async function handOver(url: string, certificates: readonly CommitCertificate[]): Promise<void> {
    const client = createConnectClient(url);
    await Promise.all(
      certificates.map((each) => client.submitCommitCertificate({ commitCertificate: certificateToProto(each) })),
    );
  }

  const running = () => [...processes.keys()].toSorted();
  const metric = (signer: number, name: string) => metricOf(processOf(signer).url, name);
  return {
    async start(signer, ...flags) {
      const configFile = net.configFile(names[signer] ?? '');
      const fixed = ['--listen.port', String(ports[signer]), '--peers', peers, '--settlement.intervalMs', '100'];
      processes.set(signer, await startSidecarProcess(configFile, { flags: [...fixed, ...flags] }));
    },
    async kill(signer) {
      const { signal, exited } = processOf(signer);
      signal('SIGKILL');
      await exited;
      processes.delete(signer);
    },
    get running() {
      return running();
    },
    async submit(certificates) {
      await Promise.all(running().map((signer) => handOver(processOf(signer).url, certificates)));
    },
    async finalized(certificates) {
      for (const signer of running()) {
        for (const certificate of certificates) {
          const stage = () => stageOf(processOf(signer).url, certificate);
          await expect.poll(stage, { timeout: 60_000, interval: 50 }).toBe('FINALIZED');
        }
      }
    },
    async sees(height) {
      for (const signer of running()) {
        const latest = () => metric(signer, 'fastpay_chain_latest_height');
        await expect.poll(latest, { timeout: 30_000, interval: 20 }).toBeGreaterThanOrEqual(Number(height));
      }
    },
    record: (signer, accept) => processOf(signer).record(accept),
    metric,
    async total(name) {
      const values = await Promise.all(running().map((signer) => metric(signer, name)));
      return values.reduce((sum, value) => sum + value, 0);
    },
    url: (signer) => processOf(signer).url,
    async stop() {
      await Promise.all([...processes.values()].map((each) => each.stop()));
      processes.clear();
    },
  };
}
