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
const SELECTOR = Uint8Array.of(0x19, 0x04, 0x5a, 0x25);
const START_TIMEOUT_MS = 30_000;
/** Calls in one question, which may cost this much gas each. */
const BATCH = 100;
const CALL_GAS = 200_000;

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
  readonly result?: string;
  readonly error?: { readonly code: number; readonly message: string };
}

/** One call with all requests to code that lies nowhere but in this question: a call alone costs a millisecond. */
async function recoverBatch(url: string, requests: readonly RecoverRequest[]): Promise<(string | undefined)[]> {
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'eth_call',
    params: [
      { to: CALLER, data: toHex(concatBytes(...requests.map(lengthAndCall))), gas: '0x2faf080' },
      'latest',
      { [CALLER]: { code: callerCode() } },
    ],
  };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { result = '', error } = (await response.json()) as Answer;
  if (result.length !== 2 + 64 * requests.length) throw new Error(`the node gave no answer: ${JSON.stringify(error)}`);
  return requests.map((_, index) => {
    const word = result.slice(2 + 64 * index, 2 + 64 * (index + 1));
    return word === REFUSED ? undefined : `0x${word.slice(24)}`;
  });
}

const CALLER = `0x${'ca11'.repeat(10)}`;
const REFUSED = 'f'.repeat(64);

/**
 * Reads (length 32 ‖ call data) after (length 32 ‖ call data), hands each to the precompile, and returns 32 bytes for
 * each: its answer, or all ones where it reverted. The stack holds i, where to read, and o, where to write.
 */
function callerCode(): string {
  const gas = CALL_GAS.toString(16).padStart(6, '0');
  const code = [
    '6000 62010000', //           i = 0, o = 0x10000
    '5b 36 82 10 15 6051 57', //  06: while i < calldata size, else go to 51
    '81 35 91 6020 01', //        L = calldata[i], i += 32
    '82 81 6040 37 82 01 91', //  copy L bytes from i to memory 0x40, i += L
    '6020 90 82 90 6040', //      answer: 32 bytes at o; question: L bytes at 0x40
    `73${ADDRESS.slice(2)}`,
    `62${gas} fa`, //             staticcall
    '3d 6020 14 16 604a 57', //   it succeeded with 32 bytes: go on
    '6000 19 81 52', //           else all ones at o
    '5b 6020 01 6006 56', //      o += 32, back to 06
    '5b 62010000 90 03 62010000 f3', // return what was written
  ].join('');
  return `0x${code.replaceAll(' ', '')}`;
}

function lengthAndCall(request: RecoverRequest): Uint8Array {
  const call = callData(request);
  return concatBytes(unsignedBytes(call.length, 32), call);
}

function callData({ digest, signature }: RecoverRequest): Uint8Array {
  const padding = new Uint8Array((32 - (signature.length % 32)) % 32);
  return concatBytes(
    SELECTOR,
    bytesOf(digest),
    unsignedBytes(64, 32),
    unsignedBytes(signature.length, 32),
    signature,
    padding,
  );
}
