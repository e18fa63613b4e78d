import type { CompiledReserve } from './compile.ts';

/** The TypeScript module that carries the compiled contract. */
export function renderReserve(compiled: CompiledReserve): string {
  const { compiler, settings, sourceHash, abi, bytecode } = compiled;
  const build = { compiler, settings, sourceHash };
  return [
    '// Generated from contracts/*.sol by `npm run generate`. Not edited by hand.',
    '',
    `export const reserveBuild = ${JSON.stringify(build, undefined, 2)} as const;`,
    '',
    `export const reserveAbi = ${JSON.stringify(abi, undefined, 2)} as const;`,
    '',
    'export const reserveBytecode =',
    `  '${bytecode}';`,
    '',
  ].join('\n');
}
