import { createMemoryKv } from './memory.ts';
import { kvContract } from './testing/kv-contract.fixtures.ts';

kvContract('the memory store', () => Promise.resolve(createMemoryKv()));
