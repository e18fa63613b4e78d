import { mkdirSync, writeFileSync } from 'node:fs';
import { compileReserve } from './compile.ts';
import { renderReserve } from './render-reserve.ts';

const target = new URL('../src/gen/reserve.ts', import.meta.url);
const compiled = compileReserve();
mkdirSync(new URL('.', target), { recursive: true });
writeFileSync(target, renderReserve(compiled));
console.log(`Reserve: ${compiled.runtimeBytes} bytes of code, source ${compiled.sourceHash}`);
