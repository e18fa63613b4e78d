import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LockFile, missingOptionalPackages } from './lock-file.ts';
import { root } from './run.ts';
import { listFiles, listWorkspaces, readManifest, type Workspace } from './workspaces.ts';

/** Facts about the repository, checked by a test instead of by prose. */

/** Imports point from a later row to an earlier one, never within a row. */
const layers: readonly (readonly string[])[] = [
  ['packages/protocol'],
  ['packages/crypto'],
  ['packages/rpc', 'packages/storage', 'packages/vault'],
  ['packages/validator', 'packages/tempo'],
  ['packages/client'],
  ['apps/sidecar', 'apps/devnet', 'apps/wallet', 'relay'],
  ['packages/simulator'],
  ['e2e'],
];
/** Run in a sidecar, a browser and a simulator alike: no Node, no DOM. */
const purePackages = ['packages/protocol', 'packages/validator'];
const topLevel = ['apps', 'docs', 'e2e', 'packages', 'public', 'relay', 'scripts'];
/** Tools of the whole repository: tests and configs may import them from the root's devDependencies. */
const rootTools = Object.keys(readManifest('.').devDependencies ?? {});

const files = listFiles();
const workspaces = listWorkspaces();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const isSource = (path: string) => /\.tsx?$/.test(path) && !path.includes('/src/gen/');
const isTest = (path: string) =>
  /\.(test|spec)\.tsx?$|\.fixtures\.ts$|\/(test|testing)\/|^e2e\/|\.config\.ts$/.test(path);
const sources = files.filter(isSource);
const workspaceOf = (path: string) => workspaces.find((workspace) => path.startsWith(`${workspace.path}/`));
const layerOf = (path: string) => layers.findIndex((layer) => layer.includes(path));
const sourcesOf = (workspace: Workspace) => sources.filter((path) => path.startsWith(`${workspace.path}/`));

const importPattern =
  /^\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"\n]+)['"]|^\s*import\s*['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/gm;
function importsOf(path: string): readonly string[] {
  return [...read(path).matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

describe.each(workspaces)('$path', (workspace) => {
  const { path, manifest } = workspace;
  const dependencies = Object.keys(manifest.dependencies ?? {});
  const declared = [...dependencies, ...Object.keys(manifest.devDependencies ?? {})];

  test('stands in one layer and depends only on lower ones', () => {
    expect(layerOf(path), `${path} is in no layer`).toBeGreaterThanOrEqual(0);
    for (const name of declared.filter((dependency) => dependency.startsWith('@fastpay/'))) {
      const target = workspaces.find((candidate) => candidate.manifest.name === name);
      expect(target, `${path} depends on ${name}, which does not exist`).toBeDefined();
      expect(layerOf(target?.path ?? ''), `${path} → ${name} points against the layers`).toBeLessThan(layerOf(path));
    }
  });

  test('imports only what its package.json declares, and in shipped code no devDependencies', () => {
    const wrong = sourcesOf(workspace).flatMap((file) => {
      const allowed = isTest(file) ? [...declared, ...rootTools, manifest.name] : dependencies;
      return importsOf(file)
        .filter((specifier) => !/^(\.|node:|virtual:)/.test(specifier) && !allowed.includes(packageOf(specifier)))
        .map((specifier) => `${file} imports ${specifier}`);
    });
    expect(wrong).toEqual([]);
  });

  test('imports no file outside itself by path', () => {
    const wrong = sourcesOf(workspace).flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => !normalize(join(dirname(file), specifier)).startsWith(`${path}/`))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  test('exports source files that exist', () => {
    for (const target of Object.values(manifest.exports ?? {})) {
      expect(target).toMatch(/^\.\/src\/.+\.tsx?$/);
      expect(existsSync(join(root, path, target)), `${path} exports ${target}`).toBe(true);
    }
  });

  test('has a README that says what it is for', () => {
    expect(files).toContain(`${path}/README.md`);
    expect(read(`${path}/README.md`).length).toBeGreaterThan(200);
  });

  test('pins every dependency exactly, in the version that all others use', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version, `${path}: ${name}`).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      for (const other of [...workspaces.map((candidate) => candidate.manifest), readManifest('.')]) {
        const theirs = other.dependencies?.[name] ?? other.devDependencies?.[name] ?? version;
        expect(theirs, `${name} in ${other.name} and ${manifest.name}`).toBe(version);
      }
    }
  });

  test('takes the strict compiler options from tsconfig.base.json and loosens none', () => {
    const configs = files.filter((file) => dirname(file) === path && /tsconfig(\.\w+)?\.json$/.test(file));
    expect(configs.length, `${path} has no tsconfig.json`).toBeGreaterThan(0);
    for (const file of configs) {
      const config = JSON.parse(read(file)) as { extends?: string; compilerOptions?: Record<string, unknown> };
      expect(config.extends, file).toMatch(/tsconfig(\.\w+)?\.json$/);
      const loosened = Object.entries(config.compilerOptions ?? {}).filter(([, value]) => value === false);
      expect(loosened, file).toEqual([]);
    }
  });
});

describe.each(purePackages)('%s is pure', (path) => {
  test('its compiler knows neither Node nor the DOM', () => {
    const { compilerOptions = {} } = JSON.parse(read(`${path}/tsconfig.json`)) as {
      compilerOptions?: { types?: string[]; lib?: string[] };
    };
    expect(compilerOptions.types ?? []).toEqual([]);
    expect((compilerOptions.lib ?? []).filter((lib) => !lib.startsWith('ES'))).toEqual([]);
  });

  test('it reads no clock, no randomness and no environment', () => {
    const impure = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\bprocess\.|from 'node:/;
    const shipped = sources.filter((file) => file.startsWith(`${path}/src/`) && !isTest(file));
    expect(shipped.length).toBeGreaterThan(0);
    expect(shipped.filter((file) => impure.test(read(file)))).toEqual([]);
  });
});

test('the import scanner sees every form of import', () => {
  const text = `import { a } from 'one';\nimport type {\n  B,\n} from "two";\nexport * from './three.ts';\nimport 'four';\nconst x = await import('five');`;
  expect([...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3])).toEqual([
    'one',
    'two',
    './three.ts',
    'four',
    'five',
  ]);
});

test('the layer list names exactly the workspaces that exist', () => {
  expect(layers.flat().toSorted()).toEqual(workspaces.map((workspace) => workspace.path).toSorted());
});

test('every workspace file is in a known top-level folder', () => {
  const folders = new Set(files.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''));
  expect([...folders].filter((folder) => !folder.startsWith('.') && !topLevel.includes(folder))).toEqual([]);
});

test('every vector file is read by a test beside it', () => {
  const vectors = files.filter((path) => /\/vectors\/[^/]+\.json$/.test(path));
  expect(vectors.length).toBeGreaterThan(0);
  const unread = vectors.filter((path) => {
    const tests = sources.filter(
      (file) => file.endsWith('.test.ts') && file.startsWith(path.split('/vectors/')[0] ?? ''),
    );
    return !tests.some((file) => read(file).includes(basename(path)) || read(file).includes(basename(path, '.json')));
  });
  expect(unread).toEqual([]);
});

describe('text files', () => {
  const texts = files.filter((path) => !/\.(png|webp|ico|woff2?|jpg)$/.test(path));
  // Written apart so that this file does not find itself.
  const host = (...parts: string[]) => parts.join('.').replaceAll('.', '\\.');
  const registries = new RegExp(
    [host('registry', 'npmjs', 'org'), host('registry', 'yarnpkg', 'com'), host('deb', 'debian', 'org')].join('|'),
  );
  const machinePaths = new RegExp(
    ['work', 'root', 'home/\\w+', 'Users/\\w+', 'farm'].map((part) => `(^|[\\s"'\`(=])/${part}/`).join('|'),
  );
  const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
  const silencers = new RegExp(
    ['@ts-' + 'ignore', '@ts-' + 'expect-error', '@ts-' + 'nocheck', 'biome-' + 'ignore'].join('|'),
  );

  test('name no registry host and no path of one machine', () => {
    expect(texts.filter((path) => registries.test(read(path)) || machinePaths.test(read(path)))).toEqual([]);
  });

  test('the lock file holds every platform, so that npm ci accepts it everywhere', () => {
    expect([...missingOptionalPackages(JSON.parse(read('package-lock.json')) as LockFile).keys()]).toEqual([]);
  });

  test('the lock file names no host at all', () => {
    expect(read('package-lock.json')).not.toMatch(/https?:\/\/[^"]+\.tgz/);
  });

  test('leave nothing marked as unfinished and silence no checker', () => {
    const written = sources.concat(files.filter((path) => /\.(sol|css|mjs)$/.test(path)));
    expect(written.filter((path) => marks.test(read(path)) || silencers.test(read(path)))).toEqual([]);
  });

  test('source files hold one idea: none has more than 450 lines', () => {
    const long = sources.filter((path) => read(path).split('\n').length > 450);
    expect(long).toEqual([]);
  });
});

describe('documents', () => {
  const documents = files.filter((path) => path.endsWith('.md'));

  test('name only npm scripts that exist', () => {
    const scriptsFor = (path: string) => ({ ...readManifest('.').scripts, ...workspaceOf(path)?.manifest.scripts });
    const named = documents.flatMap((path) =>
      [...read(path).matchAll(/npm run ([a-z][\w:-]*)/g)].map((match) => ({ path, script: match[1] ?? '' })),
    );
    expect(named.filter(({ path, script }) => !(script in scriptsFor(path)))).toEqual([]);
  });

  test('link only to files that exist', () => {
    const broken = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map((match) => normalize(join(dirname(path), match[1] ?? '')))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('decision records are numbered without a gap', () => {
    const numbers = documents
      .filter((path) => path.startsWith('docs/adr/'))
      .map((path) => Number(basename(path).slice(0, 3)));
    expect(numbers.toSorted((left, right) => left - right)).toEqual(numbers.map((_, index) => index + 1));
  });
});

test('every npm script runs under the guarded Node or a tool of node_modules', () => {
  for (const [name, script] of Object.entries(readManifest('.').scripts ?? {})) {
    if (!/\.ts\b/.test(script)) continue;
    expect(script, name).toMatch(/^node (--max-[a-z-]+=\d+ )*--import \.\/scripts\/require-node\.mjs /);
  }
});

test('CI runs the one command that people run', () => {
  expect(read('.ci/run')).toMatch(/^npm ci$/m);
  expect(read('.ci/run')).toMatch(/^npm test$/m);
  expect(statSync(join(root, '.ci/run')).mode & 0o111).not.toBe(0);
});
