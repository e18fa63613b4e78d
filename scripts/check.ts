import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { type RunResult, root, runTool } from './run.ts';
import { listFiles } from './workspaces.ts';

/** `npm run check`: types, lint, unused code and the facts about the repository, side by side. */

interface Task {
  readonly name: string;
  run(): Promise<RunResult>;
}

const files = listFiles();
const typeScriptFiles = files.filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'));
const projects = files.filter((path) => /(^|\/)tsconfig(\.[a-z]+)?\.json$/.test(path) && path !== 'tsconfig.base.json');
const typeChecked = new Set<string>();

async function checkTypes(project: string): Promise<RunResult> {
  const result = await runTool('typescript/bin/tsc', ['--project', project, '--listFiles'], { output: 'capture' });
  const isOwnFile = (line: string) => line.startsWith(root);
  const lines = result.output.split('\n');
  for (const line of lines.filter(isOwnFile)) typeChecked.add(relative(root, line.trim()));
  return { ...result, output: lines.filter((line) => !isOwnFile(line)).join('\n') };
}

const tool = (name: string, script: string, args: readonly string[]): Task => ({
  name,
  run: () => runTool(script, args, { output: 'capture', env: { NO_COLOR: '1' } }),
});

const tasks: readonly Task[] = [
  tool('unused code (knip)', 'knip/bin/knip.js', ['--no-progress']),
  tool('repository facts', 'vitest/vitest.mjs', ['run', 'scripts', '--reporter=dot']),
  tool('format and lint (biome)', '@biomejs/biome/bin/biome', [
    'ci',
    '--colors=off',
    '--error-on-warnings',
    '--max-diagnostics=50',
    '.',
  ]),
  ...projects.map((project) => ({ name: `types ${project}`, run: () => checkTypes(project) })),
];

const started = performance.now();
const failures: string[] = [];

function report(name: string, result: RunResult): void {
  const failed = result.exitCode !== 0;
  console.log(`${failed ? '✗' : '✓'} ${name.padEnd(44)} ${result.seconds.toFixed(1).padStart(5)} s`);
  if (!failed) return;
  failures.push(name);
  console.log(result.output.trimEnd().replace(/^/gm, '    '));
}

const queue = [...tasks];
async function work(): Promise<void> {
  for (let task = queue.shift(); task; task = queue.shift()) report(task.name, await task.run());
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));

// A file that no project includes is a file that nobody type-checks.
const unchecked = typeScriptFiles.filter((path) => !typeChecked.has(path));
if (unchecked.length > 0) {
  failures.push('files in no tsconfig');
  console.log(`✗ in no tsconfig: ${unchecked.join(', ')}`);
}

const seconds = ((performance.now() - started) / 1_000).toFixed(1);
if (failures.length > 0) {
  console.log(`\nCheck failed after ${seconds} s: ${failures.join('; ')}`);
  process.exitCode = 1;
} else {
  console.log(`\nChecked ${typeScriptFiles.length} files in ${projects.length} projects in ${seconds} s`);
}
