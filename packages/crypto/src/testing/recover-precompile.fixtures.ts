import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { bytesOf, concatBytes, type Hash, toHex, unsignedBytes } from '@fastpay/protocol';

/** The TIP-1020 precompile of a real Tempo execution environment, asked through a node that lives for one test file. */
export interface RecoverPrecompile {
  /** For each (digest, signature): the recovered address as lowercase hex, or undefined where the call reverts. */
  recover(requests: readonly RecoverRequest[]): Promise<readonly (string | undefined)[]>;
  stop(): Promise<void>;
}

export interface RecoverRequest {
  readonly digest: Hash;
  readonly signature: Uint8Array;
}

const ADDRESS = '0x5165300000000000000000000000000000000000';
/** The first four bytes of keccak256("recover(bytes32,bytes)"). */
const SELECTOR = '0x19045a25';
const START_TIMEOUT_MS = 30_000;
const BATCH = 250;

export async function startRecoverPrecompile(): Promise<RecoverPrecompile> {
  const require = createRequire(import.meta.url);
  const script = require.resolve('@foundry-rs/anvil/bin.mjs');
  const node = spawn(
    process.execPath,
    [script, '--network', 'tempo', '--hardfork', 'T4', '--no-mining', '--accounts', '1', '--port', '0'],
    // A group of its own, so that stopping it also stops the binary behind the script.
    { detached: true, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TARGET_TOOL: 'anvil' } },
  );
  const stop = async () => {
    const { pid } = node;
    if (pid === undefined || node.exitCode !== null || node.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => node.once('exit', () => resolve()));
    process.kill(-pid, 'SIGKILL');
    await exited;
  };
  try {
    const port = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the Tempo node did not start')), START_TIMEOUT_MS);
      let output = '';
      node.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const match = /Listening on 127\.0\.0\.1:(\d+)/.exec(output);
        if (!match?.[1]) return;
        clearTimeout(timer);
        resolve(match[1]);
      });
      node.once('error', reject);
      node.once('exit', (code) => reject(new Error(`the Tempo node stopped with code ${code}\n${output}`)));
    });
    return { stop, recover: (requests) => recoverAll(`http://127.0.0.1:${port}`, requests) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function recoverAll(url: string, requests: readonly RecoverRequest[]): Promise<(string | undefined)[]> {
  const answers: (string | undefined)[] = [];
  for (let start = 0; start < requests.length; start += BATCH) {
    answers.push(...(await recoverBatch(url, requests.slice(start, start + BATCH))));
  }
  return answers;
}

interface Answer {
  readonly id: number;
  readonly result?: string;
  readonly error?: { readonly code: number; readonly message: string };
}

async function recoverBatch(url: string, requests: readonly RecoverRequest[]): Promise<(string | undefined)[]> {
  const body = requests.map((request, id) => ({
    jsonrpc: '2.0',
    id,
    method: 'eth_call',
    params: [{ to: ADDRESS, data: callData(request), gas: '0x2faf080' }, 'latest'],
  }));
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answers = (await response.json()) as readonly Answer[];
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  return requests.map((_, id) => {
    const answer = byId.get(id);
    if (answer?.result !== undefined && answer.result.length === 66) return `0x${answer.result.slice(26)}`;
    // Code 3: the call reverted. Everything else means that the question was not answered.
    if (answer?.error?.code === 3) return undefined;
    throw new Error(`the precompile gave no answer: ${JSON.stringify(answer)}`);
  });
}

function callData({ digest, signature }: RecoverRequest): string {
  const padding = new Uint8Array((32 - (signature.length % 32)) % 32);
  const encoded = concatBytes(
    bytesOf(digest),
    unsignedBytes(64, 32),
    unsignedBytes(signature.length, 32),
    signature,
    padding,
  );
  return SELECTOR + toHex(encoded).slice(2);
}
