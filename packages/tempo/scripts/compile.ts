import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Compiles the reserve contract. Same sources and settings give the same bytes on every machine. */

export interface CompiledReserve {
  readonly compiler: string;
  readonly settings: unknown;
  /** SHA-256 over the compiler's version, the settings and all sources by name. */
  readonly sourceHash: string;
  readonly abi: readonly AbiEntry[];
  readonly bytecode: string;
  readonly runtimeBytes: number;
}

export interface AbiEntry {
  readonly type: string;
  readonly name?: string;
}

interface Compiler {
  version(): string;
  compile(input: string): string;
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Record<string, Record<string, CompiledContract>>;
}

interface CompiledContract {
  readonly abi: readonly AbiEntry[];
  readonly evm: {
    readonly bytecode: { readonly object: string };
    readonly deployedBytecode: { readonly object: string };
  };
}

const contractsDirectory = new URL('../contracts/', import.meta.url);
/** PUSH1 0x80 PUSH1 0x40, for MSTORE. */
const FREE_MEMORY_FROM_0X80 = '60806040';
const FILE = 'Reserve.sol';
const CONTRACT = 'Reserve';

const settings = {
  viaIR: true,
  // Tempo T4 runs every Osaka opcode (CLZ, MCOPY and transient storage tried on the node).
  evmVersion: 'osaka',
  optimizer: { enabled: true, runs: 2_000 },
  // No hash of the sources at the end of the code: bytes depend on meaning only.
  metadata: { bytecodeHash: 'none', appendCBOR: false },
} as const;

/** @param sources The contract's own unless given. @throws Error when they do not compile without a warning. */
export function compileReserve(sources: readonly ContractSource[] = readSources()): CompiledReserve {
  // The package is CommonJS without types of its own.
  const require = createRequire(import.meta.url);
  const compiler = require('solc') as Compiler;
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(sources.map(([name, content]) => [name, { content }])),
    settings: {
      ...settings,
      outputSelection: { [FILE]: { [CONTRACT]: ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  };
  const output = JSON.parse(compiler.compile(JSON.stringify(input))) as CompilerOutput;
  // Warnings too: a contract that holds money has none.
  const complaints = (output.errors ?? []).map((error) => error.formattedMessage);
  const contract = output.contracts?.[FILE]?.[CONTRACT];
  if (complaints.length > 0 || !contract)
    throw new Error(`the contract does not compile cleanly\n${complaints.join('\n')}`);
  // Settling has the memory from 0x80 on for itself (contracts/Memory.sol). Were there too many variables for the stack,
  // the compiler would put some there, and begin with another number.
  if (!contract.evm.deployedBytecode.object.startsWith(FREE_MEMORY_FROM_0X80)) {
    throw new Error('the compiler keeps variables in the memory that settling takes');
  }
  return {
    compiler: compiler.version(),
    settings,
    sourceHash: hashSources(compiler.version(), sources),
    abi: contract.abi,
    bytecode: `0x${contract.evm.bytecode.object}`,
    runtimeBytes: contract.evm.deployedBytecode.object.length / 2,
  };
}

export type ContractSource = readonly [name: string, content: string];

export function readSources(): readonly ContractSource[] {
  return readdirSync(contractsDirectory)
    .filter((name) => name.endsWith('.sol'))
    .sort()
    .map((name) => [name, readFileSync(new URL(name, contractsDirectory), 'utf8')] as const);
}

function hashSources(compilerVersion: string, sources: readonly ContractSource[]): string {
  const hash = createHash('sha256').update(compilerVersion).update('\0').update(JSON.stringify(settings));
  for (const [name, content] of sources) hash.update('\0').update(name).update('\0').update(content);
  return `0x${hash.digest('hex')}`;
}
